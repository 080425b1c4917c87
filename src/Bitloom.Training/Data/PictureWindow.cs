using Bitloom.Runtime.Images;
using Bitloom.Training.State;

namespace Bitloom.Training.Data;

/// <summary>A part of a picture, in pixels that need not be whole.</summary>
/// <param name="Top">First row.</param>
/// <param name="Left">First column.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct PictureWindow(double Top, double Left, double Height, double Width)
{
    // Largest ratio of the sides (Szegedy et al., Going Deeper with Convolutions, 2015, section 6).
    private const double LargestRatio = 4.0 / 3;

    /// <summary>A random part of at least <paramref name="leastArea"/> of a picture, its sides in a ratio of 3 : 4 to 4 : 3 where the picture has room for it; draws four numbers.</summary>
    public static PictureWindow Draw(CounterRandom random, Image image, double leastArea)
    {
        double area = (leastArea + ((1 - leastArea) * random.NextUniform())) * image.Height * image.Width;
        double ratio = Math.Pow(LargestRatio, (2 * random.NextUniform()) - 1);
        double height = Math.Min(Math.Sqrt(area / ratio), image.Height), width = Math.Min(Math.Sqrt(area * ratio), image.Width);
        return new PictureWindow(random.NextUniform() * (image.Height - height), random.NextUniform() * (image.Width - width), height, width);
    }

    /// <summary>Planes of the part of an RGB picture, resized to a square by linear interpolation; values 0 to 1.</summary>
    public void Fill(Image image, int side, Span<float> planes)
    {
        var columns = new (int First, int Second, float Share)[side];
        for (int x = 0; x < side; x++) columns[x] = Place(Left + ((x + 0.5) * Width / side), image.Width);
        for (int y = 0; y < side; y++)
        {
            (int first, int second, float share) = Place(Top + ((y + 0.5) * Height / side), image.Height);
            ReadOnlySpan<byte> upper = image.Row(first), lower = image.Row(second);
            for (int channel = 0; channel < 3; channel++)
            {
                Span<float> row = planes.Slice(((channel * side) + y) * side, side);
                for (int x = 0; x < side; x++)
                {
                    (int left, int right, float part) = columns[x];
                    left = (left * image.Channels) + channel;
                    right = (right * image.Channels) + channel;
                    float above = upper[left] + (part * (upper[right] - upper[left])), below = lower[left] + (part * (lower[right] - lower[left]));
                    row[x] = (above + (share * (below - above))) / 255f;
                }
            }
        }
    }

    // The two pixels around a place, and the share of the second; pixels are areas.
    private static (int First, int Second, float Share) Place(double place, int count)
    {
        double centre = Math.Clamp(place - 0.5, 0, count - 1);
        int first = (int)centre;
        return (first, Math.Min(first + 1, count - 1), (float)(centre - first));
    }
}
