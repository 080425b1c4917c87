using Samples;

namespace Classify;

/// <summary>What the command line asks for.</summary>
/// <param name="Input">The picture to read.</param>
/// <param name="Network">The network to run.</param>
/// <param name="Guesses">Classes to print, the most probable first.</param>
/// <param name="Threads">Threads that share the work, 1 to 256.</param>
internal sealed record Request(string Input, Network Network, int Guesses, int Threads)
{
    internal const string Help = """
        classify PHOTO [--network NAME] [--top N] [--threads N]
            Names the garment on a photograph with the dynamic-resolution network drnet-s, which looks at it closely or from afar as it needs.

            PHOTO         JPEG, PNG, binary PPM or binary PGM; what matters should be in the middle
            --network NAME
                          drnet-s (default), or one that looks at every photograph alike: resnet-s-112, resnet-s-80, resnet-s-56
            --top N       classes to print, the most probable first (default: 3)
            --threads N   threads that share the work (default: 1; the network is small)
            --help        prints this text

            Exit code: 0 done, 1 the machine failed (disk, memory), 2 bad input, 130 interrupted.
        """;

    /// <summary>Reads the arguments; null where they ask for help, which no arguments at all do.</summary>
    /// <exception cref="BadInputException">An argument is unknown, missing or out of range.</exception>
    internal static Request? Parse(string[] arguments)
    {
        if (Arguments.AskForHelp(arguments)) return null;
        var files = new List<string>();
        Network network = Networks.All[0];
        int guesses = Math.Min(3, Labels.All.Count), threads = 1;
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (argument == "--top") guesses = Arguments.Number(argument, arguments.ElementAtOrDefault(++i), Labels.All.Count);
            else if (argument == "--network") network = Find(arguments.ElementAtOrDefault(++i));
            else if (argument == "--threads") threads = Arguments.Number(argument, arguments.ElementAtOrDefault(++i), 256);
            else if (argument.StartsWith('-')) throw new BadInputException($"{argument} is not an option; see classify --help");
            else files.Add(argument);
        }

        return files is [var input] ? new Request(input, network, guesses, threads)
            : throw new BadInputException(Invariant($"one file is expected, PHOTO, and {files.Count} given; see classify --help"));
    }

    private static Network Find(string? name) => Networks.All.FirstOrDefault(n => n.Name == name)
        ?? throw new BadInputException($"--network {name ?? "without a value"}: give one of {string.Join(", ", Networks.All.Select(n => n.Name))}");
}
