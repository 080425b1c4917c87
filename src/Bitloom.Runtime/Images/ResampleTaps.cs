namespace Bitloom.Runtime.Images;

/// <summary>
/// For every output position along one axis: which input positions it is a weighted sum of. Centres are at half pixels; positions
/// outside the picture are mirrored at its edge (symmetric: the edge pixel itself is repeated); weights add up to one.
/// </summary>
internal sealed class ResampleTaps
{
    private readonly int[] _positions;
    private readonly double[] _weights;

    private ResampleTaps(int outputs, int taps)
    {
        Taps = taps;
        _positions = new int[outputs * taps];
        _weights = new double[outputs * taps];
    }

    /// <summary>Inputs for each output.</summary>
    internal int Taps { get; }

    /// <summary>Input positions of an output.</summary>
    internal ReadOnlySpan<int> Positions(int output) => _positions.AsSpan(output * Taps, Taps);

    /// <summary>Weights of an output.</summary>
    internal ReadOnlySpan<double> Weights(int output) => _weights.AsSpan(output * Taps, Taps);

    /// <summary>Taps of Keys' cubic convolution kernel (IEEE ASSP 29, 1981).</summary>
    /// <param name="inputs">Length of the axis before.</param>
    /// <param name="outputs">Length of the axis after.</param>
    /// <param name="scale">Output pixels for each input pixel. Below 1 the kernel is widened by 1/scale against aliasing.</param>
    /// <param name="sharpness">Keys' a: the slope of the kernel at distance 1.</param>
    internal static ResampleTaps Cubic(int inputs, int outputs, double scale, double sharpness)
    {
        double shrink = Math.Min(scale, 1), kernelWidth = 4 / shrink;
        var result = new ResampleTaps(outputs, (int)Math.Ceiling(kernelWidth) + 2);
        for (int output = 0; output < outputs; output++)
        {
            // Pixel n covers n..n+1, so its centre n + 0.5 is at (n + 0.5) / scale of the input.
            double centre = ((output + 0.5) / scale) - 0.5;
            int first = (int)Math.Floor(centre - (kernelWidth / 2));
            Span<int> positions = result._positions.AsSpan(output * result.Taps, result.Taps);
            Span<double> weights = result._weights.AsSpan(output * result.Taps, result.Taps);
            double sum = 0;
            for (int tap = 0; tap < positions.Length; tap++)
            {
                positions[tap] = Mirror(first + tap, inputs);
                weights[tap] = shrink * Kernel(shrink * (centre - (first + tap)), sharpness);
                sum += weights[tap];
            }

            foreach (ref double weight in weights) weight /= sum;
        }

        return result;
    }

    private static double Kernel(double distance, double a)
    {
        double x = Math.Abs(distance), x2 = x * x, x3 = x2 * x;
        if (x <= 1) return ((a + 2) * x3) - ((a + 3) * x2) + 1;
        return x <= 2 ? (a * x3) - (5 * a * x2) + (8 * a * x) - (4 * a) : 0;
    }

    private static int Mirror(int position, int length)
    {
        int wrapped = position % (2 * length);
        if (wrapped < 0) wrapped += 2 * length;
        return wrapped < length ? wrapped : (2 * length) - 1 - wrapped;
    }
}
