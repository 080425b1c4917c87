namespace Bitloom.Spectral.Sensing;

/// <summary>
/// Coded aperture snapshot spectral imaging, CASSI (Wagadarikar et al. 2008), with the geometry of TSA-Net (Meng, Ma, Yuan 2020): a
/// mask codes the scene, a prism shifts band c by <c>2 c</c> pixels to the right, and the sensor adds all bands up.
/// </summary>
/// <remarks>
/// <code>
/// cube X, bands x H x W     coded X[c] * M      sheared: band c moved by 2 c      measurement Y, H x (W + 2 (bands - 1))
/// +-----+                   +-----+             +-----+
/// |     |+            ->    |:.:. |+       ->     +-----+                  ->     +---------+
/// +-----+|                  +-----+|                +-----+                       +---------+
/// </code>
/// </remarks>
public static class SnapshotCamera
{
    /// <summary>Pixels between neighbouring bands on the sensor.</summary>
    public const int Step = 2;

    /// <summary>Width of the measurement of a scene.</summary>
    public static int MeasuredWidth(int width, int bands) => width + (Step * (bands - 1));

    /// <summary>What the sensor measures: <c>Y[y, x] = sum over c of X[c, y, x - 2 c] M[y, x - 2 c]</c>.</summary>
    /// <param name="cube">The scene.</param>
    /// <param name="mask">Transmission of the aperture, 0 to 1, of the scene's height and width.</param>
    public static Plane Measure(Cube cube, Plane mask)
    {
        ArgumentNullException.ThrowIfNull(cube);
        ArgumentNullException.ThrowIfNull(mask);
        if ((cube.Height, cube.Width) != (mask.Height, mask.Width))
            throw new ArgumentException(Invariant($"A mask of {mask.Height} x {mask.Width} does not code a scene of {cube.Height} x {cube.Width}."), nameof(mask));
        int width = MeasuredWidth(cube.Width, cube.Bands);
        var measured = new float[checked(cube.Height * width)];
        for (int band = 0; band < cube.Bands; band++)
        {
            ReadOnlySpan<float> scene = cube.Band(band);
            for (int row = 0; row < cube.Height; row++)
            {
                Span<float> target = measured.AsSpan((row * width) + (Step * band), cube.Width);
                int start = row * cube.Width;
                for (int x = 0; x < target.Length; x++) target[x] += scene[start + x] * mask.Values[start + x];
            }
        }

        return new Plane(cube.Height, width, measured);
    }

    /// <summary>
    /// What networks start from: band c is the window of <c>Y / bands * 2</c> that begins at column <c>2 c</c>. The mean over the bands
    /// is doubled because a mask lets about half of the light through.
    /// </summary>
    /// <param name="measurement">Height x (width + 2 (bands - 1)).</param>
    /// <param name="wavelengths">Centres of the bands in nm, as many as there are bands.</param>
    public static Cube InitialEstimate(Plane measurement, IReadOnlyList<double> wavelengths)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        ArgumentNullException.ThrowIfNull(wavelengths);
        int bands = wavelengths.Count, width = measurement.Width - (Step * (bands - 1));
        var estimate = new Cube(bands, measurement.Height, width, wavelengths);
        for (int band = 0; band < bands; band++)
        {
            Span<float> target = estimate.Band(band);
            for (int i = 0; i < target.Length; i++)
                target[i] = measurement.Values[(i / width * measurement.Width) + (i % width) + (Step * band)] / bands * 2;
        }

        return estimate;
    }

    /// <summary>The network's second input, Phi: the mask once for each band. Bands x height x width.</summary>
    public static float[] RepeatMask(Plane mask, int bands)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var repeated = new float[checked(bands * mask.Values.Length)];
        for (int band = 0; band < bands; band++) mask.Values.CopyTo(repeated, band * mask.Values.Length);
        return repeated;
    }
}
