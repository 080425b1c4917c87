namespace Bitloom.Runtime.Images;

/// <summary>How luma is rounded before pictures are compared.</summary>
public enum LumaRounding
{
    /// <summary>Not at all, as BasicSR and the papers built on it do.</summary>
    None,

    /// <summary>To whole numbers, as MATLAB's <c>rgb2ycbcr</c> does for 8-bit pictures.</summary>
    EightBits,
}

/// <summary>ITU-R BT.601 luma in studio range: black 16, white 235.</summary>
public static class Luma
{
    /// <summary>Luma of one RGB pixel; a grey sample is luma already.</summary>
    public static double Of(ReadOnlySpan<byte> pixel, LumaRounding rounding = LumaRounding.None)
    {
        if (pixel.Length == 1) return pixel[0];
        double luma = 16 + (((65.481 * pixel[0]) + (128.553 * pixel[1]) + (24.966 * pixel[2])) / 255);
        return rounding == LumaRounding.None ? luma : Math.Floor(luma + 0.5);
    }

    /// <summary>A grey picture of the luma of an RGB one, rounded to 8 bits; what networks for luma read.</summary>
    public static Image Of(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var luma = new Image(image.Width, image.Height, 1);
        for (int pixel = 0; pixel < luma.Pixels.Length; pixel++)
            luma.Pixels[pixel] = (byte)Of(image.Pixels.AsSpan(pixel * image.Channels, image.ColourChannels), LumaRounding.EightBits);
        return luma;
    }
}
