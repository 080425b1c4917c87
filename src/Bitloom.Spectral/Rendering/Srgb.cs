namespace Bitloom.Spectral.Rendering;

/// <summary>XYZ with white D65 to sRGB (IEC 61966-2-1).</summary>
public static class Srgb
{
    /// <summary>XYZ of white: daylight of 6500 K, with Y = 1.</summary>
    public static (double X, double Y, double Z) White => (0.95047, 1, 1.08883);

    /// <summary>Linear red, green and blue; below 0 or above 1 for colours that sRGB does not hold.</summary>
    public static (double Red, double Green, double Blue) FromXyz(double x, double y, double z) =>
    (
        (3.2404542 * x) - (1.5371385 * y) - (0.4985314 * z),
        (-0.9692660 * x) + (1.8760108 * y) + (0.0415560 * z),
        (0.0556434 * x) - (0.2040259 * y) + (1.0572252 * z)
    );

    /// <summary>A linear component as 8 bits, clipped to what they hold.</summary>
    public static byte Encode(double linear)
    {
        linear = Math.Clamp(linear, 0, 1);
        double encoded = linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;
        return (byte)Math.Round(255 * encoded);
    }
}
