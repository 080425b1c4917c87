using System.Globalization;

namespace Bitloom.Scenes;

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
            else if (arguments[i] is not ("--size" or "--scale" or "--sigma" or "--quality" or "--labels" or "--crop")) throw new ArgumentException($"{arguments[i]} is not an option; see scenes --help.");
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

    internal int Number(string option, int otherwise, int greatest)
    {
        int[] numbers = Numbers(option, ',', otherwise.ToString(CultureInfo.InvariantCulture), otherwise.ToString(CultureInfo.InvariantCulture));
        return numbers is [>= 1 and int number] && number <= greatest ? number : throw new ArgumentException(Invariant($"{option} takes a number from 1 to {greatest}."));
    }

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
