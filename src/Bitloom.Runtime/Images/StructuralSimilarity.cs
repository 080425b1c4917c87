namespace Bitloom.Runtime.Images;

/// <summary>
/// Structural similarity, SSIM (Wang et al. 2004): a Gaussian window of 11 x 11 with sigma 1.5, K1 = 0.01, K2 = 0.03, only where the
/// window lies inside the picture, averaged.
/// </summary>
public static class StructuralSimilarity
{
    private const int WindowSize = 11;
    private const double Sigma = 1.5;

    /// <summary>SSIM-Y of two RGB pictures of one size as super-resolution papers state it: over BT.601 studio-range luma.</summary>
    /// <param name="image">One picture.</param>
    /// <param name="reference">The other.</param>
    /// <param name="border">Pixels left out along each edge.</param>
    /// <returns>At most 1; NaN where no window fits.</returns>
    public static double OfLuma(Image image, Image reference, int border)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(reference);
        int height = image.Height - (2 * border), width = image.Width - (2 * border);
        if (height < WindowSize || width < WindowSize) return double.NaN;
        return OfPlanes(LumaPlane(image, border), LumaPlane(reference, border), height, width, peak: 255);
    }

    /// <summary>SSIM of two planes of one size.</summary>
    /// <param name="plane">One plane: height x width.</param>
    /// <param name="reference">The other.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Values a row.</param>
    /// <param name="peak">The range of values, L in the paper.</param>
    /// <returns>At most 1; NaN where no window fits.</returns>
    public static double OfPlanes(ReadOnlySpan<float> plane, ReadOnlySpan<float> reference, int height, int width, double peak) =>
        height < WindowSize || width < WindowSize ? double.NaN : OfPlanes(ToDoubles(plane), ToDoubles(reference), height, width, peak);

    private static double OfPlanes(double[] first, double[] second, int height, int width, double peak)
    {
        double c1 = 0.01 * peak * (0.01 * peak), c2 = 0.03 * peak * (0.03 * peak);
        double[] meanFirst = Blur(first, height, width), meanSecond = Blur(second, height, width);
        double[] squareFirst = Blur(Product(first, first), height, width), squareSecond = Blur(Product(second, second), height, width);
        double[] product = Blur(Product(first, second), height, width);
        double sum = 0;
        for (int i = 0; i < product.Length; i++)
        {
            double means = meanFirst[i] * meanSecond[i], squaresOfMeans = (meanFirst[i] * meanFirst[i]) + (meanSecond[i] * meanSecond[i]);
            double variances = squareFirst[i] + squareSecond[i] - squaresOfMeans, covariance = product[i] - means;
            sum += ((2 * means) + c1) * ((2 * covariance) + c2) / ((squaresOfMeans + c1) * (variances + c2));
        }

        return sum / product.Length;
    }

    private static double[] ToDoubles(ReadOnlySpan<float> plane)
    {
        var doubles = new double[plane.Length];
        for (int i = 0; i < plane.Length; i++) doubles[i] = plane[i];
        return doubles;
    }

    private static double[] LumaPlane(Image image, int border)
    {
        int height = image.Height - (2 * border), width = image.Width - (2 * border);
        var plane = new double[height * width];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = image.Row(border + y);
            for (int x = 0; x < width; x++) plane[(y * width) + x] = Luma.Of(row.Slice((border + x) * image.Channels, image.ColourChannels));
        }

        return plane;
    }

    private static double[] Product(double[] left, double[] right) => [.. left.Zip(right, (l, r) => l * r)];

    // Separable, rows and then columns; the result is smaller by the window's size less one each way.
    private static double[] Blur(double[] plane, int height, int width)
    {
        double[] weights = [.. Enumerable.Range(0, WindowSize).Select(i => Math.Exp(-Math.Pow(i - (WindowSize / 2), 2) / (2 * Sigma * Sigma)))];
        double total = weights.Sum();
        int outputHeight = height - WindowSize + 1, outputWidth = width - WindowSize + 1;
        var rows = new double[height * outputWidth];
        for (int i = 0; i < rows.Length; i++)
            for (int tap = 0; tap < WindowSize; tap++) rows[i] += weights[tap] / total * plane[(i / outputWidth * width) + (i % outputWidth) + tap];
        var blurred = new double[outputHeight * outputWidth];
        for (int i = 0; i < blurred.Length; i++)
            for (int tap = 0; tap < WindowSize; tap++) blurred[i] += weights[tap] / total * rows[i + (tap * outputWidth)];
        return blurred;
    }
}
