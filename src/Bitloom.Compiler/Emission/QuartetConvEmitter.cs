using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes bit-sliced binary convolutions that count four output channels at once: a vector holds one sign of as many pixels as it has bits.
/// For each block of pixels,
/// <list type="number">
/// <item>the signs under the window are gathered, one vector each, small enough for the first-level cache,</item>
/// <item>four outputs count each sign once, in classes by how their weights differ (<see cref="QuartetCountEmitter"/>),</item>
/// <item>each output adds the signs that are in another class than they should be, so that classes are of one size (<see cref="QuartetSumEmitter"/>),</item>
/// <item>the bit-sliced counts become sums of 8 or 16 bits (<see cref="SumForm"/>), border pixels are corrected for padding, and the epilogue finishes them.</item>
/// </list>
/// Cost of an output: about K / 4 full adders of two logic operations for K signs and as many pixels as bits, some more to make lists of
/// one length, and those of its exceptions, which are few unless a channel has many more weights of one sign (<see cref="QuartetLayout"/>).
/// </summary>
/// <remarks>
/// For 576 signs, 64 outputs and 512 pixels, in vector operations an output: 356 in classes, 30 to combine them, 9 to
/// gather, 90 to bytes. Sharing carries takes 576 and 99 to share, whose table of 147 KB is more than the first-level cache holds.
/// </remarks>
internal static class QuartetConvEmitter
{
    /// <summary>Writes the kernel of a step and what it calls; returns its name.</summary>
    internal static string Emit(KernelFile file, FlatStep step, BinaryConv2d conv, QuartetLayout layout)
    {
        EquatableArray<int> kernel = conv.Weight.Shape;
        int taps = conv.Weight.BitsPerOutput, length = layout.ListLength(file.Width);
        var form = SumForm.Choose(file.Width, conv, step.Epilogue);
        int planes = SumStoreEmitter.PlanesFor(form);
        string gather = SignGatherEmitter.Emit(file, kernel[1], kernel[2], kernel[3], conv.Window);
        string count = QuartetCountEmitter.Emit(file, taps, length, planes), sum = QuartetSumEmitter.Emit(file, form);
        long countsAt = (taps + 1L) * file.Bytes;
        return BinaryConvEmitter.EmitKernel(
            file, step, conv, form,
            FormattableString.Invariant($"signs = scratch, counts = scratch + {countsAt}"), countsAt + (QuartetCountEmitter.ScratchVectors(planes) * file.Bytes),
            source => $"{gather}({source}, planeBytes, rowBytes, signs);",
            string.Join("\n", FormattableString.Invariant($"(int quartet, int inQuartet) = (position / {QuartetCountEmitter.Channels}, position % {QuartetCountEmitter.Channels});"),
                FormattableString.Invariant($"if (inQuartet == 0) {count}((ulong*)signs, layer.Quartets + (quartet * {QuartetCountEmitter.QuartetTaps(length)}), counts);"),
                FormattableString.Invariant($"{sum}((ulong*)signs, layer.Exceptions + position, counts + (inQuartet * {planes} * Lanes.Bytes), sums);")),
            FormattableString.Invariant($"which four outputs count at once, for {file.Width} pixels"),
            isOrdered: true);
    }
}
