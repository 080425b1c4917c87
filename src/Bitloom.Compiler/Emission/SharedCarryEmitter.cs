using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes bit-sliced binary convolutions: a vector holds one sign of as many pixels as it has bits. For each block of pixels,
/// <list type="number">
/// <item>the signs under the window are added in triples, whose carries for all patterns of weight signs every output shares,</item>
/// <item>each output picks one carry a triple and adds them up with full adders, in registers,</item>
/// <item>the bit-sliced counts become sums of 8 or 16 bits (<see cref="SumForm"/>), border pixels are corrected for padding, and the epilogue finishes them.</item>
/// </list>
/// Cost of an output: about K / 2 full adders of two logic operations for K signs and as many pixels as bits.
/// </summary>
/// <remarks>
/// Bounds for an output of 512 pixels with 512 bits, in cycles of a core that starts two vector operations and moves 64 bytes from, 32 to the
/// first-level cache in a cycle. Count: adders, transpose to bytes, stores. Finish, for RPReLU, residual and the next sign: lookups or
/// arithmetic, residual, sign; never below 64, which storing 2 KB of fp32 takes.
/// <code>
///   signs K, shape            share   count   finish   sum
///   28, 1 x 1                    9      60      144    213
///   36, 3 x 3, 4 a group        15      80      192    287   by table (<see cref="SignLookupEmitter"/>)
///   56, 1 x 1                    9      70      192    271
///   112, 1 x 1                   9     105      240    354
///   224, 1 x 1                   9     160      240    409
/// </code>
/// Where the residual is not in the second-level cache, moving 4 KB an output costs as much again, unless the next channel's run is fetched
/// ahead (<see cref="EpilogueEmitter.PrefetchedRuns"/>).
/// </remarks>
internal static class SharedCarryEmitter
{
    // Eight carries of 512 bits.
    private const int SlotBytes = 512;

    /// <summary>
    /// Vector operations of a group, of which two start in a cycle, for as many pixels as bits: a slot is four carries and nine stores, each of
    /// which takes two cycles; an output adds its carries and turns planes to bytes.
    /// </summary>
    internal static double Cost(BinaryConv2d convolution)
    {
        int slots = new CarryTree(convolution.Weight.BitsPerOutput).Slots, outputs = convolution.Weight.Shape[0] / convolution.Groups;
        return (22 * slots) + (outputs * ((BinaryMethods.AdditionCost(slots * SlotBytes) * slots) + BinaryMethods.StoreCost));
    }

    /// <summary>Writes the kernel of a step and what it calls; returns its name.</summary>
    internal static string Emit(KernelFile file, FlatStep step, BinaryConv2d conv)
    {
        EquatableArray<int> kernel = conv.Weight.Shape;
        var carries = new CarryTree(conv.Weight.BitsPerOutput);
        string share = CarryShareEmitter.Emit(file, carries, kernel[1], kernel[2], kernel[3], conv.Window);
        var form = SumForm.Choose(file.Width, conv, step.Epilogue);
        string count = AgreementCountEmitter.Emit(file, carries, form);
        return BinaryConvEmitter.EmitKernel(
            file, step, conv, form,
            "carries = scratch", carries.ScratchVectors(CarryShareEmitter.Gathers(kernel[2], kernel[3])) * file.Bytes,
            source => $"Bits low = {share}({source}, planeBytes, rowBytes, carries);",
            FormattableString.Invariant($"{count}(carries, layer.Patterns + (channel * {carries.Slots}), low ^ Vec.Create(layer.LowBitFlips[channel]), sums);"),
            FormattableString.Invariant($"{carries.Slots} carries to add instead, for {file.Width} pixels at once"));
    }
}
