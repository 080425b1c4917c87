using Bitloom.Jpeg;
using Bitloom.Runtime.Images;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Data;

/// <summary>Small pictures with structure, so that reducing and compressing them leaves something.</summary>
internal static class TestPictures
{
    internal static Image Make(int width, int height, int channels, int seed)
    {
        var random = new CounterRandom((ulong)seed);
        double slope = random.NextUniform() * 3;
        var image = new Image(width, height, channels);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int pixel = i / channels, x = pixel % width, y = pixel / width;
            image.Pixels[i] = (byte)(128 + (70 * Math.Sin((x * 0.3) + (slope * y * 0.2) + (i % channels))) + random.NextIndex(40));
        }

        return image;
    }

    /// <summary>A new folder with some RGB pictures in a sub-folder.</summary>
    internal static DirectoryInfo MakeFolder(string name, int count = 3, int side = 40)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("bitloom-tests-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, name));
        for (int i = 0; i < count; i++) ImageFile.Save(Path.Combine(folder.FullName, name, FormattableString.Invariant($"{i}.png")), Make(side + i, side, 3, i));
        return folder;
    }
}

/// <summary>A fact that is skipped, with the reason, where libjpeg-turbo is missing.</summary>
internal sealed class JpegFactAttribute : FactAttribute
{
    public JpegFactAttribute() => Skip = JpegTheoryAttribute.ReasonForSkipping;
}

/// <summary>A theory likewise; it may need the shared pictures too.</summary>
internal sealed class JpegTheoryAttribute : TheoryAttribute
{
    public JpegTheoryAttribute() => Skip = ReasonForSkipping ?? SharedData.ReasonForSkipping;

    internal static string? ReasonForSkipping => JpegCodec.IsAvailable ? null : "libturbojpeg is not installed (Debian: apt-get install libturbojpeg0).";
}
