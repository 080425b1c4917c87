using System.Diagnostics;
using Bitloom.Runtime.Images;

namespace Samples;

/// <summary>A command that makes a picture from a picture with a compiled network.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Purpose">What it does: one sentence.</param>
/// <param name="Networks">The networks to choose from, the usual one first; all of the same scale or each of its own.</param>
public sealed record PictureCommand(string Name, string Purpose, IReadOnlyList<PictureNetwork> Networks)
{
    /// <summary>What <c>--help</c> prints.</summary>
    public string Help => $"""
        {Name} IN OUT {(Networks.Count > 1 ? "[--network NAME] " : "")}[--threads N] [--band ROWS] [--stats]
            {Purpose}

            IN, OUT         PNG (.png), binary PPM (.ppm) or binary PGM (.pgm); IN may be JPEG. {(Networks[0].Scale > 1 ? "Alpha is enlarged by bicubic interpolation." : "Alpha stays as it is.")}
        {(Networks.Count > 1 ? NetworkList : "")}    --threads N     threads that share the work (default: one for each processor); pixels are the same for any number
            --band ROWS     input rows at a time, at most (default: as many as about 512 MiB allow); pixels are the same, but for rounding in fp32
            --stats         prints time, speed and memory at the end
            --help          prints this text

            Exit code: 0 done, 1 the machine failed (disk, memory), 2 bad input, 130 interrupted. OUT appears complete or not at all.
        """;

    private string NetworkList
    {
        get
        {
            int column = Networks.Max(n => n.Name.Length) + 2;
            IEnumerable<string> rows = Networks.Select((n, i) => $"                      {n.Name.PadRight(column)}{n.Purpose}{(i == 0 ? " (default)" : "")}\n");
            return $"    --network NAME  the network to run:\n{string.Concat(rows)}";
        }
    }

    /// <summary>Runs the command as a program on the console.</summary>
    /// <returns>The exit code: see <see cref="CommandExit.Of"/>.</returns>
    public int RunOnConsole(string[] arguments)
    {
        using var interruption = new Interruption();
        return Run(arguments, Console.Out, Console.Error, isTerminal: !Console.IsErrorRedirected, interruption.Token);
    }

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code: see <see cref="CommandExit.Of"/>.</returns>
    public int Run(string[] arguments, TextWriter output, TextWriter errors, bool isTerminal, CancellationToken cancellation)
    {
        var exit = new CommandExit(Name, "interrupted, nothing was written", "give fewer rows at a time, e.g. --band 64");
        return exit.Of(
            () =>
            {
                if (PictureRequest.Parse(arguments, this) is { } request) Process(request, output, errors, isTerminal, cancellation);
                else output.WriteLine(Help);
            },
            errors);
    }

    private static void Process(PictureRequest request, TextWriter output, TextWriter errors, bool isTerminal, CancellationToken cancellation)
    {
        var total = Stopwatch.StartNew();
        PictureFiles.CheckPaths(request.Input, request.Output);
        Image picture = PictureFiles.Load(request.Input);
        PictureFiles.CheckFormat(request.Output, picture, request.Network.Scale);

        using var run = new PictureRun(request.Network, picture, request.Threads, request.BandRows);
        TimeSpan time;
        Image result;
        using (var progress = new ProgressBar(errors, isTerminal))
        {
            var clock = Stopwatch.StartNew();
            result = run.Compute(progress, cancellation);
            time = clock.Elapsed;
        }

        PictureFiles.Save(request.Output, result, cancellation);
        output.WriteLine(Invariant($"{request.Output}: {result.Width} x {result.Height} pixels in {total.Elapsed.TotalSeconds:F2} s"));
        if (request.PrintsStatistics) Statistics.Write(output, run, result, time);
    }
}
