namespace Bitloom.Spectral;

/// <summary>The centres of bands, in nm, and cubes brought from one set of them to another.</summary>
public static class SpectralBands
{
    /// <summary>The 31 bands of the CAVE and KAIST data sets: 400 to 700 nm in steps of 10.</summary>
    public static IReadOnlyList<double> Cave { get; } = Even(400, 700, 31);

    /// <summary>The 28 bands of the CASSI camera of TSA-Net (Meng, Ma, Yuan, ECCV 2020), which BiSRNet reconstructs.</summary>
    public static IReadOnlyList<double> Cassi { get; } =
    [
        453.5, 457.5, 462, 466, 471.5, 476.5, 481.5, 487, 492.5, 498, 504, 510, 516, 522.5,
        529.5, 536.5, 544, 551.5, 558.5, 567.5, 575.5, 584.5, 594.5, 604, 614.5, 625, 636.5, 648,
    ];

    /// <summary>Centres at equal distances.</summary>
    public static IReadOnlyList<double> Even(double first, double last, int bands) =>
        [.. Enumerable.Range(0, bands).Select(i => bands == 1 ? first : first + ((last - first) * i / (bands - 1)))];

    /// <summary>Whether a cube with these bands can be brought to others: they reach at least as far on both sides.</summary>
    public static bool Reach(IReadOnlyList<double> wavelengths, IReadOnlyList<double> wanted) =>
        wavelengths[0] <= wanted[0] && wavelengths[^1] >= wanted[^1];

    /// <summary>Interpolates every pixel's spectrum linearly between the two bands around each wanted centre.</summary>
    /// <param name="cube">With wavelengths that reach to the wanted ones.</param>
    /// <param name="wanted">Ascending centres in nm.</param>
    /// <exception cref="ArgumentException">The cube has no wavelengths, or they do not reach.</exception>
    public static Cube Resample(Cube cube, IReadOnlyList<double> wanted)
    {
        ArgumentNullException.ThrowIfNull(cube);
        ArgumentNullException.ThrowIfNull(wanted);
        IReadOnlyList<double> held = cube.Wavelengths ?? throw new ArgumentException("The cube's wavelengths are not known.", nameof(cube));
        if (!Reach(held, wanted)) throw new ArgumentException(Invariant($"Bands of {held[0]} to {held[^1]} nm do not reach {wanted[0]} to {wanted[^1]} nm."), nameof(wanted));
        var resampled = new Cube(wanted.Count, cube.Height, cube.Width, wanted);
        for (int band = 0, below = 0; band < wanted.Count; band++)
        {
            while (below + 1 < held.Count && held[below + 1] <= wanted[band]) below++;
            int above = Math.Min(below + 1, held.Count - 1);
            float share = above == below ? 0 : (float)((wanted[band] - held[below]) / (held[above] - held[below]));
            ReadOnlySpan<float> low = cube.Band(below), high = cube.Band(above);
            Span<float> target = resampled.Band(band);
            for (int i = 0; i < target.Length; i++) target[i] = low[i] + (share * (high[i] - low[i]));
        }

        return resampled;
    }
}
