using Bitloom.Compiler.Graph;
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
/// Cost of an output: about K / 4 full adders of two logic operations for K signs and as many pixels as bits, and those of its exceptions:
/// some 13 of 576 signs with random weights, more where a channel has more weights of one sign.
/// </summary>
/// <remarks>
/// For 576 signs, 64 outputs and 512 pixels, in vector operations an output: 304 in classes, 30 to combine them, 60 for exceptions, 9 to
/// gather, 75 to bytes. Sharing carries takes 576 and 99 to share, whose table of 147 KB is more than the first-level cache holds.
/// </remarks>
internal static class QuartetConvEmitter
{
    // Offsets of signs are 16-bit numbers of 64-bit words, with 512 bits 8 a sign.
    private const int MostTaps = 8000;

    // Exceptions come in several steps, and rounds of them are not full.
    private const double StepsOfAnException = 1.2;

    /// <summary>Vector operations of a group, of which two start in a cycle, for as many pixels as bits; infinite where it cannot be done.</summary>
    internal static double Cost(BinaryConv2d convolution)
    {
        int taps = convolution.Weight.BitsPerOutput, outputs = convolution.Weight.Shape[0] / convolution.Groups;
        if (outputs % QuartetCountEmitter.Channels != 0 || taps > MostTaps) return double.PositiveInfinity;
        int planes = CarrySaveEmitter.PlanesFor(taps);
        return (4 * taps) + (outputs * (
            (QuartetCountEmitter.Cost(taps, planes) / (double)QuartetCountEmitter.Channels)
            + QuartetSumEmitter.Cost(StepsOfAnException * Exceptions(convolution.Weight), planes) + BinaryMethods.StoreCost));
    }

    /// <summary>Writes the kernel of a step and what it calls; returns its name.</summary>
    internal static string Emit(KernelFile file, FlatStep step, BinaryConv2d conv)
    {
        EquatableArray<int> kernel = conv.Weight.Shape;
        int taps = conv.Weight.BitsPerOutput, outputs = kernel[0] / conv.Groups, inputs = kernel[1];
        var form = SumForm.Choose(file.Width, conv, step.Epilogue);
        int planes = SumStoreEmitter.PlanesFor(form);
        string gather = SignGatherEmitter.Emit(file, inputs, kernel[2], kernel[3], conv.Window);
        string count = QuartetCountEmitter.Emit(file, taps, planes), sum = QuartetSumEmitter.Emit(file, form), finish = FlatLoopEmitter.FinishMethod(file, step, form);
        long countsAt = (taps + 1L) * file.Bytes, sumsAt = countsAt + (QuartetCountEmitter.ScratchVectors(planes) * file.Bytes), shuffledAt = sumsAt + (file.Width * form.Bytes);
        file.NeedScratch(shuffledAt + FlatLoopEmitter.ShuffleBytes(file, step));
        return file.Method(
            FormattableString.Invariant($"BinaryConv{kernel[2]}x{kernel[3]}Of{inputs}To{outputs}{(conv.Groups > 1 ? FormattableString.Invariant($"In{conv.Groups}Groups") : "")}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}({string.Join(", ", FlatLoopEmitter.Parameters(step, "in BinaryLayer layer", "byte* source"))})",
            writer =>
            {
                writer.Line("nint planeBytes = geometry.BitStride, rowBytes = geometry.Pitch / 8;");
                writer.Line(FormattableString.Invariant($"byte* signs = scratch, counts = scratch + {countsAt}, sums = scratch + {sumsAt};"));
                if (step.Epilogue.Shuffle is not null) writer.Line(FormattableString.Invariant($"float* shuffled = (float*)(scratch + {shuffledAt});"));
                using (writer.Block("for (int block = first * VectorsPerBlock; block < end * VectorsPerBlock; block++)"))
                {
                    writer.Line("long pixel = (long)block * BlockPixels;");
                    using (conv.Groups > 1 ? writer.Block(FormattableString.Invariant($"for (int group = 0; group < {conv.Groups}; group++)")) : (IDisposable?)null)
                    {
                        string group = conv.Groups > 1 ? FormattableString.Invariant($" + (group * {inputs} * planeBytes)") : "";
                        writer.Line($"{gather}(source + (pixel / 8){group}, planeBytes, rowBytes, signs);");
                        (string from, string to) = conv.Groups > 1
                            ? (FormattableString.Invariant($"group * {outputs}"), FormattableString.Invariant($"(group + 1) * {outputs}"))
                            : ("0", FormattableString.Invariant($"{outputs}"));
                        using (writer.Block(FormattableString.Invariant($"for (int channel = {from}; channel < {to}; channel++)")))
                        {
                            writer.Line(FormattableString.Invariant($"int inQuartet = channel % {QuartetCountEmitter.Channels};"));
                            writer.Line(FormattableString.Invariant($"if (inQuartet == 0) {count}((ulong*)signs, layer.Quartets + (channel / {QuartetCountEmitter.Channels} * {QuartetCountEmitter.QuartetTaps(taps)}), counts);"));
                            writer.Line(FormattableString.Invariant($"{sum}((ulong*)signs, layer.Exceptions + channel, counts + (inQuartet * {planes} * Lanes.Bytes), sums);"));
                            if (kernel[2] * kernel[3] > 1) writer.Line($"layer.{form.Correction}(block, channel, sums);");
                            FlatLoopEmitter.Finish(writer, step, finish, "sums", "layer.Constants", "channel");
                        }
                    }
                }
            },
            FormattableString.Invariant($"Binary convolution {kernel[2]} x {kernel[3]}, {inputs * conv.Groups} -> {kernel[0]} channels{(conv.Groups > 1 ? FormattableString.Invariant($" in {conv.Groups} groups") : "")}: {taps} signs an output,"),
            FormattableString.Invariant($"which four outputs count at once, for {file.Width} pixels. {EpilogueEmitter.Describe(step.Epilogue)}."));
    }

    /// <summary>
    /// Exceptions of an output, the least that there can be: a channel has as many weights of each sign in the lists, and lists are of one length.
    /// </summary>
    private static double Exceptions(BitTensor weight)
    {
        int taps = weight.BitsPerOutput, outputs = weight.Shape[0], length = QuartetCountEmitter.ListLength(taps);
        double total = 0;
        for (int first = 0; first < outputs; first += QuartetCountEmitter.Channels)
        {
            var ofPattern = new int[1 << QuartetCountEmitter.Channels];
            for (int tap = 0; tap < taps; tap++)
                ofPattern[Enumerable.Range(0, QuartetCountEmitter.Channels).Sum(c => weight[first + c, tap] ? 1 << c : 0)]++;
            int tooMany = ofPattern.Sum(n => Math.Max(0, n - length));
            int uneven = Enumerable.Range(0, QuartetCountEmitter.Channels).Sum(c => Math.Max(0, Math.Max(Positives(c), taps - Positives(c)) - (ofPattern.Length / 2 * length)));
            total += Math.Max(tooMany, uneven);

            int Positives(int channel) => Enumerable.Range(0, ofPattern.Length).Sum(p => (p >> channel & 1) * ofPattern[p]);
        }

        return total / outputs;
    }
}
