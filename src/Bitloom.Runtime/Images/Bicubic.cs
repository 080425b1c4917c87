namespace Bitloom.Runtime.Images;

/// <summary>
/// Cubic resampling as super-resolution papers use it: reducing makes a test picture's low-resolution input exactly as MATLAB's
/// <c>imresize</c> does, enlarging makes the picture that a network is compared with.
/// </summary>
public static class Bicubic
{
    /// <summary>Keys' a = -0.5, as in MATLAB and Pillow. PyTorch and OpenCV take -0.75, which is sharper.</summary>
    public const double DefaultSharpness = -0.5;

    /// <summary>Enlarges a picture, alpha included; rounded once, at the end.</summary>
    public static Image Enlarge(Image image, int scale, double sharpness = DefaultSharpness)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        var enlarged = new Image(checked(image.Width * scale), checked(image.Height * scale), image.Channels);
        Resample(image, enlarged, scale, scale, sharpness, roundsTwice: false);
        return enlarged;
    }

    /// <summary>Enlarges one plane of height x width into (height * scale) x (width * scale); values may overshoot the input's range.</summary>
    public static void Enlarge(ReadOnlySpan<float> plane, int height, int width, int scale, Span<float> enlarged, double sharpness = DefaultSharpness)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        int outputHeight = checked(height * scale), outputWidth = checked(width * scale);
        if (plane.Length != (long)height * width)
            throw new ArgumentException(Invariant($"The plane holds {plane.Length} values, expected {height} x {width}."), nameof(plane));
        if (enlarged.Length != (long)outputHeight * outputWidth)
            throw new ArgumentException(Invariant($"The enlarged plane holds {enlarged.Length} values, expected {outputHeight} x {outputWidth}."), nameof(enlarged));

        ResampleTaps vertical = ResampleTaps.Cubic(height, outputHeight, scale, sharpness);
        ResampleTaps horizontal = ResampleTaps.Cubic(width, outputWidth, scale, sharpness);
        var row = new double[width];
        for (int y = 0; y < outputHeight; y++)
        {
            Array.Clear(row);
            for (int tap = 0; tap < vertical.Taps; tap++)
            {
                double weight = vertical.Weights(y)[tap];
                ReadOnlySpan<float> input = plane.Slice(vertical.Positions(y)[tap] * width, width);
                for (int x = 0; x < row.Length; x++) row[x] += weight * input[x];
            }

            Span<float> output = enlarged.Slice(y * outputWidth, outputWidth);
            for (int x = 0; x < output.Length; x++) output[x] = (float)WeightedSum(row, 0, 1, horizontal, x);
        }
    }

    /// <summary>
    /// Reduces a picture to 1/scale like <c>imresize(image, 1/scale)</c>: the kernel widened against aliasing, symmetric edges, rows
    /// before columns, rounded to 8 bits after each. Sizes that are not multiples of the scale are rounded up; papers crop first.
    /// </summary>
    public static Image Reduce(Image image, int scale)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        var reduced = new Image(((image.Width - 1) / scale) + 1, ((image.Height - 1) / scale) + 1, image.Channels);
        Resample(image, reduced, 1.0 / scale, 1.0 / scale, DefaultSharpness, roundsTwice: true);
        return reduced;
    }

    /// <summary>Brings a picture to a size like <c>imresize(image, [height width])</c>: against aliasing along an axis that shrinks, rounded after each pass.</summary>
    public static Image Resize(Image image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        var resized = new Image(width, height, image.Channels);
        Resample(image, resized, (double)height / image.Height, (double)width / image.Width, DefaultSharpness, roundsTwice: true);
        return resized;
    }

    // One row of the vertical pass is all that exists between the passes.
    private static void Resample(Image source, Image target, double verticalScale, double horizontalScale, double sharpness, bool roundsTwice)
    {
        ResampleTaps vertical = ResampleTaps.Cubic(source.Height, target.Height, verticalScale, sharpness);
        ResampleTaps horizontal = ResampleTaps.Cubic(source.Width, target.Width, horizontalScale, sharpness);
        int channels = source.Channels;
        var row = new double[source.Width * channels];
        for (int y = 0; y < target.Height; y++)
        {
            Array.Clear(row);
            for (int tap = 0; tap < vertical.Taps; tap++)
            {
                double weight = vertical.Weights(y)[tap];
                ReadOnlySpan<byte> input = source.Row(vertical.Positions(y)[tap]);
                for (int i = 0; i < row.Length; i++) row[i] += weight * input[i];
            }

            if (roundsTwice) foreach (ref double value in row.AsSpan()) value = Round(value);
            Span<byte> output = target.Row(y);
            for (int i = 0; i < output.Length; i++) output[i] = Round(WeightedSum(row, i % channels, channels, horizontal, i / channels));
        }
    }

    private static double WeightedSum(double[] row, int channel, int channels, ResampleTaps taps, int output)
    {
        ReadOnlySpan<int> positions = taps.Positions(output);
        ReadOnlySpan<double> weights = taps.Weights(output);
        double sum = 0;
        for (int tap = 0; tap < positions.Length; tap++) sum += weights[tap] * row[(positions[tap] * channels) + channel];
        return sum;
    }

    private static byte Round(double value) => (byte)Math.Clamp(Math.Floor(value + 0.5), 0, 255);
}
