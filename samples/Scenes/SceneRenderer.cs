using Bitloom.Runtime.Images;

namespace Bitloom.Scenes;

/// <summary>A colour, each part 0 (dark) to 1.</summary>
internal readonly record struct Colour(double Red, double Green, double Blue)
{
    internal static Colour Grey(double value) => new(value, value, value);

    internal Colour Mix(Colour other, double share) =>
        new(Red + ((other.Red - Red) * share), Green + ((other.Green - Green) * share), Blue + ((other.Blue - Blue) * share));
}

/// <summary>A picture given by a formula.</summary>
internal interface IScene
{
    /// <summary>The colour at a point, in units of the picture's height: y in 0..1 from the top, x in 0..width/height.</summary>
    Colour At(double x, double y, double aspect);
}

/// <summary>Samples a scene at 6 x 6 points a pixel and averages them, which is what makes its edges smooth.</summary>
internal static class SceneRenderer
{
    private const int SamplesPerSide = 6;

    /// <summary>An RGB picture. Every pixel is computed by itself in a fixed order, so the number of threads makes no difference.</summary>
    internal static Image Render(IScene scene, int width, int height)
    {
        var image = new Image(width, height, 3);
        Parallel.For(0, height, y =>
        {
            Span<byte> row = image.Row(y);
            for (int x = 0; x < width; x++)
            {
                double red = 0, green = 0, blue = 0;
                for (int sample = 0; sample < SamplesPerSide * SamplesPerSide; sample++)
                {
                    double across = x + (((sample % SamplesPerSide) + 0.5) / SamplesPerSide);
                    double down = y + (((sample / SamplesPerSide) + 0.5) / SamplesPerSide);
                    Colour colour = scene.At(across / height, down / height, (double)width / height);
                    red += colour.Red;
                    green += colour.Green;
                    blue += colour.Blue;
                }

                row[x * 3] = ToByte(red);
                row[(x * 3) + 1] = ToByte(green);
                row[(x * 3) + 2] = ToByte(blue);
            }
        });
        return image;
    }

    private static byte ToByte(double sum) => ImagePlanes.ToByte((float)(sum / (SamplesPerSide * SamplesPerSide)));
}
