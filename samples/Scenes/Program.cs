using System.Globalization;
using Bitloom.Runtime.Images;

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
                    ImageFile.Save(line.Files[1], Bicubic.Reduce(ImageFile.Load(line.Files[0]), line.Scale()));
                    return Saved(line.Files[1]);
                case "enlarge" when line.Files.Count == 2:
                    ImageFile.Save(line.Files[1], Bicubic.Enlarge(ImageFile.Load(line.Files[0]), line.Scale()));
                    return Saved(line.Files[1]);
                case "compare" when line.Files.Count >= 2:
                    Image[] pictures = line.Files.Take(line.Files.Count - 1).Select(file => ImageFile.Load(file)).ToArray();
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
        Image image = ImageFile.Load(path);
        Console.WriteLine(Invariant($"{path}: {image.Width} x {image.Height}"));
        return 0;
    }
}

/// <summary>A verb, file names, and options that each take a value.</summary>
internal sealed record CommandLine(string Verb, IReadOnlyList<string> Files, IReadOnlyDictionary<string, string> Options)
{
    internal static CommandLine Parse(string[] arguments)
    {
        var files = new List<string>();
        var options = new Dictionary<string, string>();
        for (int i = 1; i < arguments.Length; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal)) files.Add(arguments[i]);
            else if (arguments[i] is not ("--size" or "--scale" or "--labels" or "--crop")) throw new ArgumentException($"{arguments[i]} is not an option; see scenes --help.");
            else if (i + 1 == arguments.Length) throw new ArgumentException($"{arguments[i]} needs a value.");
            else options[arguments[i]] = arguments[++i];
        }

        return new CommandLine(arguments.Length > 0 ? arguments[0] : "", files, options);
    }

    internal (int Width, int Height) Size()
    {
        int[] numbers = Numbers("--size", 'x', "256x192", "256x192");
        return numbers is [> 0 and <= 16384, > 0 and <= 16384] ? (numbers[0], numbers[1]) : throw new ArgumentException("--size takes WIDTHxHEIGHT, each 1 to 16384.");
    }

    internal int Scale() =>
        Numbers("--scale", ',', "2", "2") is [>= 1 and <= 64] and [int scale] ? scale : throw new ArgumentException("--scale takes a number from 1 to 64.");

    internal string[] Labels() => Options.TryGetValue("--labels", out string? labels) ? labels.Split(',') : [];

    internal Rectangle? Crop()
    {
        if (!Options.ContainsKey("--crop")) return null;
        int[] numbers = Numbers("--crop", ',', "", "8,8,64,48");
        return numbers is [>= 0, >= 0, > 0, > 0] ? new Rectangle(numbers[0], numbers[1], numbers[2], numbers[3]) : throw new ArgumentException("--crop takes X,Y,WIDTH,HEIGHT.");
    }

    private int[] Numbers(string option, char separator, string otherwise, string example)
    {
        string text = Options.GetValueOrDefault(option, otherwise);
        string[] parts = text.Split(separator);
        var numbers = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                throw new ArgumentException($"{option} {text} is not understood; write it as {example}.");
        return numbers;
    }
}

/// <summary>A part of a picture, in pixels.</summary>
internal sealed record Rectangle(int X, int Y, int Width, int Height);
