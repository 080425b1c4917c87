using System.Globalization;
using Samples;

namespace Upscale;

/// <summary>What the command line asks for.</summary>
/// <param name="Input">The picture to read.</param>
/// <param name="Output">The picture to write.</param>
/// <param name="Threads">Threads that share the work, 1 to 256.</param>
/// <param name="BandRows">Input rows whose results are computed at a time, at most; null to choose by memory.</param>
/// <param name="PrintsStatistics">Whether time, speed and memory are printed at the end.</param>
internal sealed record Request(string Input, string Output, int Threads, int? BandRows, bool PrintsStatistics)
{
    internal const string Help = """
        upscale IN OUT [--threads N] [--band ROWS] [--stats]
            Doubles the width and height of a picture with the binarized network bbcu-s-x2.

            IN, OUT       PNG (.png), binary PPM (.ppm) or binary PGM (.pgm); IN may be JPEG. Alpha is enlarged by bicubic interpolation.
            --threads N   threads that share the work (default: one for each processor); pixels are the same for any number
            --band ROWS   input rows at a time, at most (default: as many as about 512 MiB allow); pixels are the same for any number
            --stats       prints time, speed and memory at the end
            --help        prints this text

            Exit code: 0 done, 1 the machine failed (disk, memory), 2 bad input, 130 interrupted. OUT appears complete or not at all.
        """;

    /// <summary>Reads the arguments; null where they ask for help, which no arguments at all do.</summary>
    /// <exception cref="BadInputException">An argument is unknown, missing or out of range.</exception>
    internal static Request? Parse(string[] arguments)
    {
        if (arguments.Length == 0 || arguments.Any(a => a is "--help" or "-h")) return null;
        var files = new List<string>();
        int threads = Math.Clamp(Environment.ProcessorCount, 1, 256);
        int? bandRows = null;
        bool statistics = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (argument == "--stats") statistics = true;
            else if (argument == "--threads") threads = Number(argument, arguments.ElementAtOrDefault(++i), 256);
            else if (argument == "--band") bandRows = Number(argument, arguments.ElementAtOrDefault(++i), 1 << 20);
            else if (argument.StartsWith('-')) throw new BadInputException($"{argument} is not an option; see upscale --help");
            else files.Add(argument);
        }

        return files is [var input, var output]
            ? new Request(input, output, threads, bandRows, statistics)
            : throw new BadInputException(Invariant($"two files are expected, IN and OUT, and {files.Count} given; see upscale --help"));
    }

    private static int Number(string option, string? text, int greatest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 && value <= greatest
            ? value
            : throw new BadInputException(Invariant($"{option} {text ?? "without a value"}: give a whole number from 1 to {greatest}"));
}
