namespace Bitloom.Tool;

/// <summary>A filter from before neural networks that takes noise and blocks away together with detail; pictures are planes of values 0..1.</summary>
internal abstract record SmoothingFilter
{
    /// <summary>The filters that restored pictures are held against, each at strengths around what suits photographs.</summary>
    internal static IReadOnlyList<SmoothingFilter> All { get; } =
    [
        .. new[] { 0.4, 0.5, 0.6, 0.8, 1.0, 1.3 }.Select(deviation => new GaussianFilter(deviation)),
        .. from space in new[] { 1.0, 2.0 } from range in new[] { 0.03, 0.06, 0.12, 0.2, 0.3 } select new BilateralFilter(space, range),
    ];

    /// <summary>The filter's name, without its strength.</summary>
    internal abstract string Name { get; }

    /// <summary>Its strength, in words.</summary>
    internal abstract string Strength { get; }

    /// <summary>The weight of a neighbour.</summary>
    /// <param name="rows">Rows to it.</param>
    /// <param name="columns">Columns to it.</param>
    /// <param name="distance">Square of the distance between the two colours.</param>
    internal abstract double WeightOf(int rows, int columns, double distance);

    /// <summary>Rows and columns of neighbours on each side.</summary>
    internal abstract int Radius { get; }

    /// <summary>The weighted mean of each pixel's neighbours; beyond the border the nearest pixel stands.</summary>
    /// <param name="planes">channels x height x width.</param>
    /// <param name="channels">Colours.</param>
    /// <param name="size">Height and width.</param>
    internal float[] Apply(ReadOnlySpan<float> planes, int channels, ImageSize size)
    {
        var result = new float[planes.Length];
        int count = size.Height * size.Width;
        Span<double> sums = stackalloc double[channels];
        for (int y = 0; y < size.Height; y++)
            for (int x = 0; x < size.Width; x++)
            {
                int at = (y * size.Width) + x;
                double total = 0;
                sums.Clear();
                for (int dy = -Radius; dy <= Radius; dy++)
                    for (int dx = -Radius; dx <= Radius; dx++)
                    {
                        int from = (Math.Clamp(y + dy, 0, size.Height - 1) * size.Width) + Math.Clamp(x + dx, 0, size.Width - 1);
                        double distance = 0;
                        for (int c = 0; c < channels; c++) distance += Square(planes[(c * count) + from] - planes[(c * count) + at]);
                        double weight = WeightOf(dy, dx, distance);
                        total += weight;
                        for (int c = 0; c < channels; c++) sums[c] += weight * planes[(c * count) + from];
                    }

                for (int c = 0; c < channels; c++) result[(c * count) + at] = (float)(sums[c] / total);
            }

        return result;
    }

    /// <summary><c>exp(-squared / (2 deviation^2))</c>.</summary>
    protected static double Bell(double squared, double deviation) => Math.Exp(-squared / (2 * Square(deviation)));

    private static double Square(double value) => value * value;
}

/// <summary>The Gaussian filter.</summary>
/// <param name="Deviation">In pixels.</param>
internal sealed record GaussianFilter(double Deviation) : SmoothingFilter
{
    /// <inheritdoc/>
    internal override string Name => "Gaussian filter";

    /// <inheritdoc/>
    internal override string Strength => FormattableString.Invariant($"{Deviation} pixels");

    /// <inheritdoc/>
    internal override int Radius => (int)Math.Ceiling(3 * Deviation);

    /// <inheritdoc/>
    internal override double WeightOf(int rows, int columns, double distance) => Bell((rows * rows) + (columns * columns), Deviation);
}

/// <summary>The bilateral filter (Tomasi and Manduchi, 1998): neighbours of another colour count less.</summary>
/// <param name="Space">Deviation in pixels.</param>
/// <param name="Range">Deviation in colour, white being 1.</param>
internal sealed record BilateralFilter(double Space, double Range) : SmoothingFilter
{
    /// <inheritdoc/>
    internal override string Name => "bilateral filter";

    /// <inheritdoc/>
    internal override string Strength => FormattableString.Invariant($"{Space} pixels, {Range} in colour");

    /// <inheritdoc/>
    internal override int Radius => (int)Math.Ceiling(2 * Space);

    /// <inheritdoc/>
    internal override double WeightOf(int rows, int columns, double distance) => Bell((rows * rows) + (columns * columns), Space) * Bell(distance, Range);
}
