namespace Bitloom.Spectral.Files;

/// <summary>The orders in which files store the three dimensions of a cube, by ENVI's names for them.</summary>
internal static class Interleave
{
    internal const string BandSequential = "bsq", ByLine = "bil", ByPixel = "bip";

    /// <summary>Values of any order as bands x height x width.</summary>
    internal static float[] ToBands(float[] values, string order, int bands, int height, int width)
    {
        if (order == BandSequential) return values;
        var ordered = new float[values.Length];
        int i = 0;
        for (int y = 0; y < height; y++)
        {
            if (order == ByLine)
            {
                for (int band = 0; band < bands; band++)
                    for (int x = 0; x < width; x++) ordered[(((band * height) + y) * width) + x] = values[i++];
                continue;
            }

            for (int x = 0; x < width; x++)
                for (int band = 0; band < bands; band++) ordered[(((band * height) + y) * width) + x] = values[i++];
        }

        return ordered;
    }

    /// <summary>A cube's values as height x width x bands.</summary>
    internal static float[] ByPixels(Cube cube)
    {
        var values = new float[cube.Values.Length];
        int size = cube.Height * cube.Width;
        for (int band = 0; band < cube.Bands; band++)
            for (int pixel = 0; pixel < size; pixel++) values[(pixel * cube.Bands) + band] = cube.Values[(band * size) + pixel];
        return values;
    }
}
