namespace Bitloom.Runtime.Images;

/// <summary>
/// Peak signal-to-noise ratio in dB, 10 log10(peak^2 / mean squared difference), infinite for equal pictures. The peak of pictures is
/// 255; alpha is ignored.
/// </summary>
public static class SignalToNoise
{
    /// <summary>PSNR over all colour samples, as denoising papers state it.</summary>
    /// <param name="image">One picture.</param>
    /// <param name="reference">The other, of the same size and number of colours.</param>
    /// <param name="border">Pixels left out along each edge.</param>
    public static double OfColours(Image image, Image reference, int border = 0)
    {
        CheckSizes(image, reference, border);
        double sum = 0;
        for (int y = border; y < image.Height - border; y++)
        {
            ReadOnlySpan<byte> row = image.Row(y), other = reference.Row(y);
            for (int x = border; x < image.Width - border; x++)
                for (int channel = 0; channel < image.ColourChannels; channel++)
                {
                    int difference = row[(x * image.Channels) + channel] - other[(x * reference.Channels) + channel];
                    sum += difference * difference;
                }
        }

        return Decibels(sum / ((double)(image.Width - (2 * border)) * (image.Height - (2 * border)) * image.ColourChannels));
    }

    /// <summary>
    /// PSNR-Y: over <see cref="Luma"/> of RGB pictures, as super-resolution papers state it, with a border of scale pixels left out.
    /// A picture of grey samples is taken as luma already.
    /// </summary>
    /// <param name="image">One picture.</param>
    /// <param name="reference">The other, of the same size and number of colours.</param>
    /// <param name="border">Pixels left out along each edge: the scale, by convention.</param>
    /// <param name="rounding">Whether luma is rounded to 8 bits before it is compared; the two differ by about 0.01 dB.</param>
    public static double OfLuma(Image image, Image reference, int border, LumaRounding rounding = LumaRounding.None)
    {
        CheckSizes(image, reference, border);
        double sum = 0;
        for (int y = border; y < image.Height - border; y++)
        {
            ReadOnlySpan<byte> row = image.Row(y), other = reference.Row(y);
            for (int x = border; x < image.Width - border; x++)
            {
                double difference = Luma.Of(row.Slice(x * image.Channels, image.ColourChannels), rounding)
                    - Luma.Of(other.Slice(x * reference.Channels, reference.ColourChannels), rounding);
                sum += difference * difference;
            }
        }

        return Decibels(sum / ((double)(image.Width - (2 * border)) * (image.Height - (2 * border))));
    }

    /// <summary>PSNR over the values of two planes or tensors of one size.</summary>
    /// <param name="values">One.</param>
    /// <param name="reference">The other.</param>
    /// <param name="peak">The greatest value that there can be.</param>
    public static double OfValues(ReadOnlySpan<float> values, ReadOnlySpan<float> reference, double peak)
    {
        if (values.Length != reference.Length) throw new ArgumentException(Invariant($"{values.Length} and {reference.Length} values cannot be compared."), nameof(reference));
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double difference = (double)values[i] - reference[i];
            sum += difference * difference;
        }

        return Decibels(sum / values.Length, peak);
    }

    private static double Decibels(double meanSquare, double peak = 255) =>
        meanSquare == 0 ? double.PositiveInfinity : 10 * Math.Log10(peak * peak / meanSquare);

    private static void CheckSizes(Image image, Image reference, int border)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentOutOfRangeException.ThrowIfNegative(border);
        if (image.Width != reference.Width || image.Height != reference.Height || image.ColourChannels != reference.ColourChannels)
            throw new ArgumentException(Invariant($"Pictures of {image.Width} x {image.Height} x {image.ColourChannels} and {reference.Width} x {reference.Height} x {reference.ColourChannels} (width x height x colours) cannot be compared."), nameof(reference));
        if (2L * border >= Math.Min(image.Width, image.Height))
            throw new ArgumentOutOfRangeException(nameof(border), border, Invariant($"Nothing is left of {image.Width} x {image.Height} pixels inside this border."));
    }
}
