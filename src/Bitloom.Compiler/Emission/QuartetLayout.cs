using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// How long the lists are into which four output channels sort their taps, one for each pattern of four weights
/// (<see cref="QuartetCountEmitter"/>). Lists are of one length, so that kernels have no loops of unknown length. What does not fit becomes
/// exceptions, which an output adds by itself; longer lists are filled with signs that are 0, which costs all outputs a little.
/// <code>
///   576 signs, 64 outputs of random weights     length 36     42     48
///   exceptions an output, channels as they come      12.2    1.7    0.2
///   after the runtime has put channels together       9.9    0.02   0
/// </code>
/// </summary>
/// <param name="Shortest">Taps of a list, an even number, for vectors without ternary logic: an addition costs them more, an exception less.</param>
/// <param name="Wide">The same for 512 bits.</param>
/// <param name="Cost">Vector operations of a group with 512 bits, of which two start in a cycle.</param>
internal sealed record QuartetLayout(int Shortest, int Wide, double Cost)
{
    private const int Channels = QuartetCountEmitter.Channels, Patterns = 1 << Channels;

    // Offsets of signs are 16-bit numbers of 64-bit words, with 512 bits 8 a sign.
    private const int MostTaps = 8000;

    // A tap goes to a list that differs in one weight, or in several, one step each.
    private const double StepsOfAnException = 1.2;

    /// <summary>Taps of a list at a vector width.</summary>
    internal int ListLength(int width) => width == 512 ? Wide : Shortest;

    /// <summary>The cheapest lists; null where outputs do not come in fours, or have more taps than fit.</summary>
    internal static QuartetLayout? Of(BinaryConv2d convolution)
    {
        BitTensor weight = convolution.Weight;
        int taps = weight.BitsPerOutput, outputs = weight.Shape[0] / convolution.Groups, planes = CarrySaveEmitter.PlanesFor(taps);
        if (outputs % Channels != 0 || taps > MostTaps) return null;
        int[][] quartets = [.. Enumerable.Range(0, weight.Shape[0] / Channels).Select(q => TapsOfPatterns(weight, q * Channels))];
        int shortest = 2 * ((taps + (2 * Patterns) - 1) / (2 * Patterns)), step = 2 * Math.Max(1, shortest / 12);
        return Enumerable.Range(0, 5).Select(k => shortest + (k * step)).Select(length => new QuartetLayout(shortest, length, CostOf(length))).OrderBy(l => l.Cost).First();

        double CostOf(int length) => (4 * taps) + (outputs * (
            (QuartetCountEmitter.Cost(taps, length, planes) / (double)Channels)
            + QuartetSumEmitter.Cost(StepsOfAnException * Exceptions(quartets, taps, length), planes) + BinaryMethods.StoreCost));
    }

    // An output's taps that do not fit, at least. Putting channels together saves about half a standard deviation of a list's length, but
    // not what one channel has more weights of one sign than its lists hold.
    private static double Exceptions(int[][] quartets, int taps, int length)
    {
        int tooMany = quartets.Sum(q => q.Sum(n => Math.Max(0, n - length)));
        int uneven = quartets.Sum(q => Enumerable.Range(0, Channels).Sum(channel =>
        {
            int positive = q.Where((_, pattern) => (pattern >> channel & 1) != 0).Sum();
            return Math.Max(0, Math.Max(positive, taps - positive) - (Patterns / 2 * length));
        }));
        double outputs = quartets.Length * Channels;
        return Math.Max(uneven / outputs, (tooMany / outputs) - (Math.Sqrt(taps / (double)Patterns) / 2));
    }

    // How many taps have each pattern of signs of the four weights from an output on.
    private static int[] TapsOfPatterns(BitTensor weight, int first)
    {
        var taps = new int[Patterns];
        for (int word = 0; word < weight.WordsPerOutput; word++)
        {
            int left = weight.BitsPerOutput - (64 * word);
            for (int pattern = 0; pattern < Patterns; pattern++)
            {
                ulong alike = left < 64 ? (1UL << left) - 1 : ulong.MaxValue;
                for (int channel = 0; channel < Channels; channel++)
                {
                    ulong signs = weight.Words[((first + channel) * weight.WordsPerOutput) + word];
                    alike &= (pattern >> channel & 1) != 0 ? signs : ~signs;
                }

                for (; alike != 0; alike &= alike - 1) taps[pattern]++;
            }
        }

        return taps;
    }
}
