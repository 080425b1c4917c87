namespace Samples;

/// <summary>What the command line of a <see cref="PictureCommand"/> asks for.</summary>
/// <param name="Input">The picture to read.</param>
/// <param name="Output">The picture to write.</param>
/// <param name="Network">The network to run.</param>
/// <param name="Threads">Threads that share the work, 1 to 256.</param>
/// <param name="BandRows">Input rows whose results are computed at a time, at most; null to choose by memory.</param>
/// <param name="PrintsStatistics">Whether time, speed and memory are printed at the end.</param>
internal sealed record PictureRequest(string Input, string Output, PictureNetwork Network, int Threads, int? BandRows, bool PrintsStatistics)
{
    /// <summary>Reads the arguments; null where they ask for help.</summary>
    /// <exception cref="BadInputException">An argument is unknown, missing or out of range.</exception>
    internal static PictureRequest? Parse(string[] arguments, PictureCommand command)
    {
        if (Arguments.AskForHelp(arguments)) return null;
        var files = new List<string>();
        PictureNetwork network = command.Networks[0];
        int threads = Math.Clamp(Environment.ProcessorCount, 1, 256);
        int? bandRows = null;
        bool statistics = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (argument == "--stats") statistics = true;
            else if (argument == "--threads") threads = Arguments.Number(argument, arguments.ElementAtOrDefault(++i), 256);
            else if (argument == "--band") bandRows = Arguments.Number(argument, arguments.ElementAtOrDefault(++i), 1 << 20);
            else if (argument == "--network" && command.Networks.Count > 1) network = Find(arguments.ElementAtOrDefault(++i), command.Networks);
            else if (argument.StartsWith('-')) throw new BadInputException($"{argument} is not an option; see {command.Name} --help");
            else files.Add(argument);
        }

        return files is [var input, var output]
            ? new PictureRequest(input, output, network, threads, bandRows, statistics)
            : throw new BadInputException(Invariant($"two files are expected, IN and OUT, and {files.Count} given; see {command.Name} --help"));
    }

    private static PictureNetwork Find(string? name, IReadOnlyList<PictureNetwork> networks) =>
        networks.FirstOrDefault(n => n.Name == name)
            ?? throw new BadInputException($"--network {name ?? "without a value"}: give one of {string.Join(", ", networks.Select(n => n.Name))}");
}
