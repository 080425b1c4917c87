using Bitloom.Jpeg;
using Bitloom.Runtime.Images;
using Bitloom.Training.Data.Degradations;
using Bitloom.Training.State;

namespace Bitloom.Scenes;

/// <summary>The <c>scenes</c> command: draws a test picture, and pastes pictures side by side.</summary>
internal static class Program
{
    private const string Usage = """
        scenes draw OUT.png [--size WIDTHxHEIGHT]
            Draws the test scene (default 256x192): text, edges at many angles, a zone plate, gradients, thin lines, circles.
        scenes reduce IN.png OUT.png --scale N
            Reduces a picture as papers make low-resolution inputs (MATLAB imresize, bicubic).
        scenes enlarge IN.png OUT.png --scale N
            Enlarges a picture by bicubic interpolation.
        scenes noise IN.png OUT.png --sigma N
            Adds Gaussian noise, clipped and rounded to what a file holds: the same noise for a size every time.
        scenes compress IN.png OUT.jpg --quality N
            Writes a JPEG.
        scenes compare A.png B.png [...] OUT.png [--labels "A,B,..."] [--crop X,Y,WIDTH,HEIGHT]
            Pastes pictures side by side. Smaller ones are enlarged by a whole number, without smoothing. The crop is a part of
            the largest picture, in its pixels; the same part is taken of the others.
        """;

    private static int Main(string[] arguments)
    {
        try
        {
            var line = CommandLine.Parse(arguments);
            switch (line.Verb)
            {
                case "draw" when line.Files.Count == 1:
                    (int width, int height) = line.Size();
                    ImageFile.Save(line.Files[0], SceneRenderer.Render(new TestScene(), width, height));
                    return Saved(line.Files[0]);
                case "reduce" when line.Files.Count == 2:
                    ImageFile.Save(line.Files[1], Bicubic.Reduce(ImageFile.Load(line.Files[0]), line.Number("--scale", 2, 64)));
                    return Saved(line.Files[1]);
                case "enlarge" when line.Files.Count == 2:
                    ImageFile.Save(line.Files[1], Bicubic.Enlarge(ImageFile.Load(line.Files[0]), line.Number("--scale", 2, 64)));
                    return Saved(line.Files[1]);
                case "noise" when line.Files.Count == 2:
                    Image clean = ImageFile.Load(line.Files[0]);
                    float[] noisy = new GaussianNoise(line.Number("--sigma", 25, 255)).Apply(clean, new CounterRandom(seed: 1));
                    ImageFile.Save(line.Files[1], ImagePlanes.FromPlanes(noisy, clean.Channels, clean.Height, clean.Width));
                    return Saved(line.Files[1]);
                case "compress" when line.Files.Count == 2:
                    File.WriteAllBytes(line.Files[1], JpegCodec.Encode(ImageFile.Load(line.Files[0]), line.Number("--quality", 20, 100)));
                    return Saved(line.Files[1]);
                case "compare" when line.Files.Count >= 2:
                    Image[] pictures = line.Files.Take(line.Files.Count - 1).Select(file => PictureFile.Load(file)).ToArray();
                    ImageFile.Save(line.Files[^1], Comparison.Paste(pictures, line.Labels(), line.Crop()));
                    return Saved(line.Files[^1]);
                default:
                    Console.Error.WriteLine(Usage);
                    return arguments is ["--help" or "-h"] ? 0 : 2;
            }
        }
        catch (Exception failure) when (failure is ImageFormatException or IOException or ArgumentException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"scenes: {failure.Message}");
            return 1;
        }
    }

    private static int Saved(string path)
    {
        Image image = PictureFile.Load(path);
        Console.WriteLine(Invariant($"{path}: {image.Width} x {image.Height}"));
        return 0;
    }
}
