using System.Globalization;
using Bitloom.Spectral.Files;
using Samples;

namespace Spectral;

/// <summary>Reads the command line.</summary>
internal static class RequestParser
{
    // Options with a value, then those without.
    private static readonly string[] Valued =
    [
        "-o", "--mask", "--measurement", "--truth", "--scale", "--band-axis", "--wavelengths", "--variable", "--mask-variable", "--shot",
        "--gaussian", "--seed", "--png", "--sheet", "--rgb", "--exposure", "--network", "--threads",
    ];

    private static readonly string[] Flags = ["--crop", "--tint", "--bands"];

    /// <summary>Reads the arguments; null where they ask for help, which no arguments at all do.</summary>
    /// <exception cref="BadInputException">An argument is unknown, missing, out of range or of no use.</exception>
    internal static Request? Parse(string[] arguments)
    {
        if (Arguments.AskForHelp(arguments)) return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var files = new List<string>();
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            bool isNew = true;
            if (Flags.Contains(argument)) isNew = values.TryAdd(argument, "");
            else if (Valued.Contains(argument)) isNew = values.TryAdd(argument, arguments.ElementAtOrDefault(++i) ?? throw new BadInputException($"{argument} without a value; see spectral --help"));
            else if (argument.StartsWith('-')) throw new BadInputException($"{argument} is not an option; see spectral --help");
            else files.Add(argument);
            if (!isNew) throw new BadInputException($"{argument} is given twice; give it once");
        }

        return Check(values, files);
    }

    private static Request Check(Dictionary<string, string> values, List<string> files)
    {
        string? measurement = values.GetValueOrDefault("--measurement");
        int wanted = measurement is null ? 1 : 0;
        if (files.Count != wanted) throw new BadInputException(Invariant($"{(wanted == 1 ? "one file is expected, CUBE," : "beside --measurement no other file is expected")} and {files.Count} given; see spectral --help"));
        foreach (string option in new[] { "--shot", "--gaussian", "--seed", "--crop" })
            if (measurement is not null && values.ContainsKey(option)) throw new BadInputException($"{option} is for simulated snapshots; leave it out beside --measurement");
        if (measurement is null && values.ContainsKey("--truth")) throw new BadInputException("--truth is for --measurement; a CUBE is compared with itself");
        if (values.ContainsKey("--tint") && !values.ContainsKey("--png") && !values.ContainsKey("--sheet")) throw new BadInputException("--tint colours the pictures of --png and --sheet; give one of them");

        return new Request
        {
            Cube = files.FirstOrDefault(),
            Measurement = measurement,
            Truth = values.GetValueOrDefault("--truth"),
            Mask = values.GetValueOrDefault("--mask") ?? throw new BadInputException("--mask is missing; give the coded aperture, e.g. --mask mask.npy"),
            Output = values.GetValueOrDefault("-o") ?? throw new BadInputException("-o is missing; give the file to write, e.g. -o cube.npy"),
            Scale = Scale(values.GetValueOrDefault("--scale")),
            BandAxis = Axis(values.GetValueOrDefault("--band-axis")),
            Wavelengths = Wavelengths(values.GetValueOrDefault("--wavelengths")),
            Variable = values.GetValueOrDefault("--variable"),
            MaskVariable = values.GetValueOrDefault("--mask-variable"),
            Crops = values.ContainsKey("--crop"),
            Noise = new(Number(values, "--shot", 0, 1e12), Number(values, "--gaussian", 0, 1e6), (int)Whole(values, "--seed", 0, int.MaxValue, 0)),
            BandFolder = values.GetValueOrDefault("--png"),
            IsTinted = values.ContainsKey("--tint"),
            Sheet = values.GetValueOrDefault("--sheet"),
            Colours = values.GetValueOrDefault("--rgb"),
            Exposure = Number(values, "--exposure", 1, 1e6),
            PrintsBands = values.ContainsKey("--bands"),
            Network = values.GetValueOrDefault("--network"),
            Threads = (int)Whole(values, "--threads", 1, 256, Math.Clamp(Environment.ProcessorCount, 1, 256)),
        };
    }

    private static ValueScale Scale(string? text) => text switch
    {
        null => ValueScale.ByType,
        "max" => ValueScale.ByMaximum,
        _ => ToPositive(text) is { } number ? new ValueScale(number) : throw new BadInputException($"--scale {text}: give max or a number above 0"),
    };

    private static BandAxis Axis(string? text) => text switch
    {
        null => BandAxis.Detect,
        "first" => BandAxis.First,
        "last" => BandAxis.Last,
        _ => throw new BadInputException($"--band-axis {text}: give first or last"),
    };

    private static (double First, double Last)? Wavelengths(string? text)
    {
        if (text is null) return null;
        string[] parts = text.Split(':');
        return parts.Length == 2 && ToPositive(parts[0]) is { } first && ToPositive(parts[1]) is { } last && first < last
            ? (first, last)
            : throw new BadInputException($"--wavelengths {text}: give two numbers of nm, e.g. 400:700");
    }

    private static double Number(Dictionary<string, string> values, string option, double ifMissing, double greatest)
    {
        if (!values.TryGetValue(option, out string? text)) return ifMissing;
        return ToPositive(text) is { } number && number <= greatest ? number : throw new BadInputException(Invariant($"{option} {text}: give a number above 0, {greatest} at most"));
    }

    private static long Whole(Dictionary<string, string> values, string option, long least, long greatest, long ifMissing)
    {
        if (!values.TryGetValue(option, out string? text)) return ifMissing;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= greatest
            ? number
            : throw new BadInputException(Invariant($"{option} {text}: give a whole number from {least} to {greatest}"));
    }

    private static double? ToPositive(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number) && number > 0 && double.IsFinite(number) ? number : null;
}
