using Bitloom.Runtime.Images;

namespace Samples;

/// <summary>The luma that JPEG files hold, ITU-R BT.601 in full range (JFIF 1.02), of pictures in RGB.</summary>
internal static class Luminance
{
    /// <summary>Reads a band of rows as luma of 0 to 1.</summary>
    internal static void Read(Image picture, int row, int rows, Span<float> luma)
    {
        ReadOnlySpan<byte> pixels = picture.Pixels.AsSpan(row * picture.Width * picture.Channels);
        for (int i = 0; i < rows * picture.Width; i++) luma[i] = Of(pixels[(i * picture.Channels)..]);
    }

    /// <summary>
    /// Writes a band of rows that has the luma given and the colour differences of the picture: as R, G and B are luma plus a weighted sum of
    /// these differences, all three change by as much as luma does.
    /// </summary>
    internal static void Write(Image picture, ReadOnlySpan<float> luma, int row, int rows, Image result)
    {
        int first = row * picture.Width;
        for (int i = 0; i < rows * picture.Width; i++)
        {
            int at = (first + i) * picture.Channels;
            ReadOnlySpan<byte> pixel = picture.Pixels.AsSpan(at, 3);
            float change = luma[i] - Of(pixel);
            for (int colour = 0; colour < 3; colour++) result.Pixels[at + colour] = ImagePlanes.ToByte((pixel[colour] / 255f) + change);
        }
    }

    private static float Of(ReadOnlySpan<byte> pixel) => ((0.299f * pixel[0]) + (0.587f * pixel[1]) + (0.114f * pixel[2])) / 255f;
}
