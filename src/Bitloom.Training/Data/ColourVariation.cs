using Bitloom.Training.State;

namespace Bitloom.Training.Data;

/// <summary>Another brightness, contrast and saturation of a picture; factors of 1 leave it as it is.</summary>
/// <param name="Brightness">What all values are multiplied by.</param>
/// <param name="Contrast">What distances from the picture's mean luma are multiplied by.</param>
/// <param name="Saturation">What distances from a pixel's luma are multiplied by.</param>
public readonly record struct ColourVariation(float Brightness, float Contrast, float Saturation)
{
    // BT.601.
    private const float Red = 0.299f, Green = 0.587f, Blue = 0.114f;

    /// <summary>Factors from 1 - <paramref name="reach"/> to 1 + <paramref name="reach"/>; draws three numbers.</summary>
    public static ColourVariation Draw(CounterRandom random, float reach)
    {
        float Factor() => 1 + (float)(((2 * random.NextUniform()) - 1) * reach);
        return new ColourVariation(Factor(), Factor(), Factor());
    }

    /// <summary>Changes planes of red, green and blue from 0 to 1, which they do not leave.</summary>
    public void Apply(Span<float> planes)
    {
        int plane = planes.Length / 3;
        Span<float> red = planes[..plane], green = planes.Slice(plane, plane), blue = planes[(2 * plane)..];
        double sum = 0;
        for (int i = 0; i < plane; i++) sum += (Red * red[i]) + (Green * green[i]) + (Blue * blue[i]);
        float mean = (float)(sum / plane), scale = Brightness * Contrast, offset = Brightness * mean * (1 - Contrast);
        for (int i = 0; i < plane; i++)
        {
            float r = (red[i] * scale) + offset, g = (green[i] * scale) + offset, b = (blue[i] * scale) + offset;
            float luma = (Red * r) + (Green * g) + (Blue * b);
            red[i] = Math.Clamp(luma + (Saturation * (r - luma)), 0, 1);
            green[i] = Math.Clamp(luma + (Saturation * (g - luma)), 0, 1);
            blue[i] = Math.Clamp(luma + (Saturation * (b - luma)), 0, 1);
        }
    }
}
