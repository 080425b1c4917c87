using Bitloom.Runtime.Images;
using Samples;

namespace Bitloom.Samples.Tests;

/// <summary>Pictures to enlarge.</summary>
internal static class Pictures
{
    /// <summary>Noise over a gradient: the same for a size on every machine.</summary>
    internal static Image Draw(int width, int height, int channels)
    {
        var picture = new Image(width, height, channels);
        uint state = (uint)((width * 7919) + height);
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            state = (state * 1664525) + 1013904223;
            picture.Pixels[i] = (byte)((i / 3) + (state >> 26));
        }

        return picture;
    }

    /// <summary>What the upscale sample makes of a picture.</summary>
    internal static Image Enlarge(Image picture, int? bandRows = null, int threads = 1) => Apply(Upscale.Networks.All[0], picture, bandRows, threads);

    /// <summary>What a network makes of a picture.</summary>
    internal static Image Apply(PictureNetwork network, Image picture, int? bandRows = null, int threads = 1)
    {
        using var run = new PictureRun(network, picture, threads, bandRows);
        return run.Compute(new ProgressBar(TextWriter.Null, isTerminal: false), CancellationToken.None);
    }
}
