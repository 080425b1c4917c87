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
        int taps = conv.Weight.BitsPerOutput;
        var form = SumForm.Choose(file.Width, conv, step.Epilogue);
        int planes = SumStoreEmitter.PlanesFor(form);
        string gather = SignGatherEmitter.Emit(file, kernel[1], kernel[2], kernel[3], conv.Window);
        string count = QuartetCountEmitter.Emit(file, taps, planes), sum = QuartetSumEmitter.Emit(file, form);
        long countsAt = (taps + 1L) * file.Bytes;
        return BinaryConvEmitter.EmitKernel(
            file, step, conv, form,
            FormattableString.Invariant($"signs = scratch, counts = scratch + {countsAt}"), countsAt + (QuartetCountEmitter.ScratchVectors(planes) * file.Bytes),
            source => $"{gather}({source}, planeBytes, rowBytes, signs);",
            string.Join("\n", FormattableString.Invariant($"(int quartet, int inQuartet) = (channel / {QuartetCountEmitter.Channels}, channel % {QuartetCountEmitter.Channels});"),
                FormattableString.Invariant($"if (inQuartet == 0) {count}((ulong*)signs, layer.Quartets + (quartet * {QuartetCountEmitter.QuartetTaps(taps)}), counts);"),
                FormattableString.Invariant($"{sum}((ulong*)signs, layer.Exceptions + channel, counts + (inQuartet * {planes} * Lanes.Bytes), sums);")),
            FormattableString.Invariant($"which four outputs count at once, for {file.Width} pixels"));
    }

    /// <summary>
    /// Exceptions of an output, the least that there can be: a channel has as many weights of each sign in the lists, and lists are of one length.
    /// </summary>
    private static double Exceptions(BitTensor weight)
    {
        const int channels = QuartetCountEmitter.Channels, patterns = 1 << channels;
        int taps = weight.BitsPerOutput, outputs = weight.Shape[0], length = QuartetCountEmitter.ListLength(taps), total = 0;
        for (int first = 0; first < outputs; first += channels)
        {
            int[] ofPattern = [.. Enumerable.Range(0, patterns).Select(pattern => Taps(first, pattern))];
            int tooMany = ofPattern.Sum(n => Math.Max(0, n - length)), uneven = 0;
            for (int channel = 0; channel < channels; channel++)
            {
                int positive = Enumerable.Range(0, patterns).Where(p => (p >> channel & 1) != 0).Sum(p => ofPattern[p]);
                uneven += Math.Max(0, Math.Max(positive, taps - positive) - (patterns / 2 * length));
            }

            total += Math.Max(tooMany, uneven);
        }

        return (double)total / outputs;

        // Taps where the four weights from an output on have a pattern of signs.
        int Taps(int first, int pattern)
        {
            int count = 0;
            for (int word = 0; word < weight.WordsPerOutput; word++)
            {
                int left = taps - (64 * word);
                ulong alike = left < 64 ? (1UL << left) - 1 : ulong.MaxValue;
                for (int channel = 0; channel < channels; channel++)
                {
                    ulong signs = weight.Words[((first + channel) * weight.WordsPerOutput) + word];
                    alike &= (pattern >> channel & 1) != 0 ? signs : ~signs;
                }

                for (; alike != 0; alike &= alike - 1) count++;
            }

            return count;
        }
    }
}
