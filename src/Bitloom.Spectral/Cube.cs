namespace Bitloom.Spectral;

/// <summary>A hyperspectral image: bands x height x width values, 1 for a surface that reflects everything.</summary>
public sealed class Cube
{
    /// <summary>A cube over existing values, which are not copied.</summary>
    /// <param name="bands">Spectral bands, from short to long waves.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="values">Bands x height x width.</param>
    /// <param name="wavelengths">The bands' centres in nm, ascending; null where they are not known.</param>
    /// <exception cref="ArgumentException">A size is below 1, or the values or wavelengths are not as many as the sizes say, or do not ascend.</exception>
    public Cube(int bands, int height, int width, float[] values, IReadOnlyList<double>? wavelengths = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bands, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != (long)bands * height * width)
            throw new ArgumentException(Invariant($"{values.Length} values given, a cube of {bands} x {height} x {width} takes {(long)bands * height * width}."), nameof(values));
        if (wavelengths is not null && wavelengths.Count != bands)
            throw new ArgumentException(Invariant($"{wavelengths.Count} wavelengths given for {bands} bands."), nameof(wavelengths));
        if (wavelengths is not null && wavelengths.Zip(wavelengths.Skip(1)).Any(pair => !(pair.First < pair.Second)))
            throw new ArgumentException("Wavelengths must ascend.", nameof(wavelengths));
        Bands = bands;
        Height = height;
        Width = width;
        Values = values;
        Wavelengths = wavelengths;
    }

    /// <summary>A cube of zeros.</summary>
    public Cube(int bands, int height, int width, IReadOnlyList<double>? wavelengths = null)
        : this(bands, height, width, new float[checked(bands * height * width)], wavelengths)
    {
    }

    /// <summary>Spectral bands.</summary>
    public int Bands { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Bands x height x width, row-major.</summary>
    public float[] Values { get; }

    /// <summary>The bands' centres in nm, ascending; null where they are not known.</summary>
    public IReadOnlyList<double>? Wavelengths { get; }

    /// <summary>The values of one band: height x width.</summary>
    public Span<float> Band(int band) => Values.AsSpan(band * Height * Width, Height * Width);

    /// <summary>The same values under other wavelengths.</summary>
    public Cube WithWavelengths(IReadOnlyList<double>? wavelengths) => new(Bands, Height, Width, Values, wavelengths);

    /// <summary>A copy of a rectangle that lies inside every band.</summary>
    public Cube Crop(int y, int x, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Height - y);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Width - x);
        var cropped = new Cube(Bands, height, width, Wavelengths);
        for (int band = 0; band < Bands; band++)
            for (int row = 0; row < height; row++)
                Band(band).Slice(((y + row) * Width) + x, width).CopyTo(cropped.Band(band)[(row * width)..]);
        return cropped;
    }
}
