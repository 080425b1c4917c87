using System.Text;

namespace Bitloom.Runtime.Images;

/// <summary>Writes the binary Netpbm forms with 8 bits a sample: P5 (PGM) for grey, P6 (PPM) for RGB.</summary>
public static class NetpbmWriter
{
    /// <summary>Writes a picture of 1 or 3 channels.</summary>
    /// <exception cref="ImageFormatException">The picture has alpha, which these formats cannot hold.</exception>
    public static void Write(Stream target, Image image)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(image);
        if (image.HasAlpha) throw new ImageFormatException("Netpbm: PGM and PPM hold no alpha; save as PNG, or drop the alpha first.");
        target.Write(Encoding.ASCII.GetBytes(Invariant($"P{(image.Channels == 1 ? 5 : 6)}\n{image.Width} {image.Height}\n255\n")));
        target.Write(image.Pixels);
    }
}
