using Bitloom.Runtime.Images;

namespace Bitloom.Spectral.Rendering;

/// <summary>Pictures of a cube: its colours, single bands, and all bands on one sheet.</summary>
public static class CubeRenderer
{
    private const int Gap = 4;

    /// <summary>
    /// The colours of a cube of reflectances. Each band weighs by the colour matching functions at its centre and by its width, the
    /// distance between the middles towards its neighbours. XYZ is scaled so that a spectrum of ones, lit by equal energy, is the
    /// white of D65, and becomes sRGB; what sRGB does not hold is clipped.
    /// </summary>
    /// <param name="cube">With wavelengths.</param>
    /// <param name="exposure">Factor on all values.</param>
    /// <exception cref="ArgumentException">The cube's wavelengths are not known, or none of them is visible.</exception>
    public static Image Colours(Cube cube, double exposure = 1)
    {
        ArgumentNullException.ThrowIfNull(cube);
        IReadOnlyList<double> wavelengths = cube.Wavelengths ?? throw new ArgumentException("The cube's wavelengths are not known.", nameof(cube));
        (double X, double Y, double Z)[] weights = [.. Enumerable.Range(0, cube.Bands).Select(i => Weighted(wavelengths, i))];
        double x = weights.Sum(w => w.X), y = weights.Sum(w => w.Y), z = weights.Sum(w => w.Z);
        if (!(x > 1e-9 && y > 1e-9 && z > 1e-9)) throw new ArgumentException(Invariant($"Bands of {wavelengths[0]} to {wavelengths[^1]} nm do not cover what eyes see."), nameof(cube));
        (double whiteX, double whiteY, double whiteZ) = Srgb.White;
        (double X, double Y, double Z)[] scaled = [.. weights.Select(w => (w.X * whiteX / x * exposure, w.Y * whiteY / y * exposure, w.Z * whiteZ / z * exposure))];

        var picture = new Image(cube.Width, cube.Height, 3);
        int size = cube.Height * cube.Width;
        for (int i = 0; i < size; i++)
        {
            double sumX = 0, sumY = 0, sumZ = 0;
            for (int band = 0; band < scaled.Length; band++)
            {
                double value = cube.Values[(band * size) + i];
                sumX += scaled[band].X * value;
                sumY += scaled[band].Y * value;
                sumZ += scaled[band].Z * value;
            }

            Put(picture.Pixels.AsSpan(3 * i, 3), Srgb.FromXyz(sumX, sumY, sumZ));
        }

        return picture;
    }

    /// <summary>One band in grey: 0 black, 1 white, in between linear, as papers show bands.</summary>
    public static Image Grey(Cube cube, int band)
    {
        ArgumentNullException.ThrowIfNull(cube);
        var picture = new Image(cube.Width, cube.Height, 1);
        ImagePlanes.WritePlane(picture, 0, 0, cube.Height, cube.Band(band));
        return picture;
    }

    /// <summary>One band in the colour of its light: grey, multiplied by <see cref="Tint"/>.</summary>
    public static Image Tinted(Cube cube, int band)
    {
        Image grey = Grey(cube, band), picture = grey.WithChannels(3);
        double wavelength = cube.Wavelengths?[band] ?? throw new ArgumentException("The cube's wavelengths are not known.", nameof(cube));
        (byte red, byte green, byte blue) = Tint(wavelength);
        for (int i = 0; i < grey.Pixels.Length; i++)
        {
            picture.Pixels[3 * i] = (byte)(grey.Pixels[i] * red / 255);
            picture.Pixels[(3 * i) + 1] = (byte)(grey.Pixels[i] * green / 255);
            picture.Pixels[(3 * i) + 2] = (byte)(grey.Pixels[i] * blue / 255);
        }

        return picture;
    }

    /// <summary>The colour of light of one wavelength, as bright as sRGB shows it; black outside of what eyes see.</summary>
    public static (byte Red, byte Green, byte Blue) Tint(double wavelength)
    {
        (double x, double y, double z) = ColourMatching.At(wavelength);
        (double red, double green, double blue) = Srgb.FromXyz(x, y, z);

        // sRGB holds no colour of one wavelength: white is added until no component is negative.
        double white = Math.Min(0, Math.Min(red, Math.Min(green, blue)));
        double greatest = Math.Max(red, Math.Max(green, blue)) - white;
        if (greatest < 1e-4) return (0, 0, 0);
        return (Srgb.Encode((red - white) / greatest), Srgb.Encode((green - white) / greatest), Srgb.Encode((blue - white) / greatest));
    }

    /// <summary>Pictures of one size in rows on a dark ground, from the top left.</summary>
    public static Image Sheet(IReadOnlyList<Image> pictures, int columns)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        int width = pictures[0].Width, height = pictures[0].Height, channels = pictures.Max(p => p.Channels);
        int rows = (pictures.Count + columns - 1) / columns;
        var sheet = new Image((columns * (width + Gap)) + Gap, (rows * (height + Gap)) + Gap, channels);
        for (int i = 0; i < pictures.Count; i++)
        {
            Image picture = pictures[i].WithChannels(channels);
            int left = Gap + (i % columns * (width + Gap)), top = Gap + (i / columns * (height + Gap));
            for (int y = 0; y < height; y++) picture.Row(y).CopyTo(sheet.Row(top + y)[(left * channels)..]);
        }

        return sheet;
    }

    private static (double X, double Y, double Z) Weighted(IReadOnlyList<double> wavelengths, int band)
    {
        double below = wavelengths[Math.Max(0, band - 1)], above = wavelengths[Math.Min(wavelengths.Count - 1, band + 1)];
        double width = wavelengths.Count == 1 ? 1 : (above - below) / 2;
        (double x, double y, double z) = ColourMatching.At(wavelengths[band]);
        return (x * width, y * width, z * width);
    }

    private static void Put(Span<byte> pixel, (double Red, double Green, double Blue) linear)
    {
        pixel[0] = Srgb.Encode(linear.Red);
        pixel[1] = Srgb.Encode(linear.Green);
        pixel[2] = Srgb.Encode(linear.Blue);
    }
}
