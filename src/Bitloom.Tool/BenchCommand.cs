using System.CommandLine;
using System.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime;

namespace Bitloom.Tool;

/// <summary><c>bitloom bench</c>: how long one run takes, and what it costs in memory.</summary>
internal sealed class BenchCommand : VerbCommand
{
    // Enough runs for the just-in-time compiler to reach its last tier, and for the caches to settle.
    private const int WarmUpRuns = 3;
    private const int MostRuns = 100_000;
    private const double SecondsWithoutRuns = 3;

    // The input for which papers on super-resolution count operations.
    private const string StandardSize = "180x320";

    private readonly Argument<string> _model = ModelFile.CreateArgument();
    private readonly Option<string?> _size = new("--size") { Description = $"Height and width of the input. [default: {StandardSize}]", HelpName = "HxW" };
    private readonly Option<string> _threads = SharedOptions.Threads();
    private readonly Option<string?> _runs = new("--runs") { Description = "Timed runs. [default: as many as fit in 3 seconds, at least 5]", HelpName = "N" };
    private readonly Option<string> _width = SharedOptions.Width();
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON line instead of a table." };

    internal BenchCommand()
        : base("bench", "Time a network.")
    {
        Add(_model);
        foreach (Option option in new Option[] { _size, _threads, _runs, _width, _json }) Add(option);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples => ["bitloom bench bbcu-m-x2.bloom --size 180x320 --threads 2 --json"];

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Notes =>
    [
        "allocated_bytes_per_run counts the whole process; a run itself allocates nothing.",
        "macs counts the multiply-accumulates of binary and fp32 convolutions in one run.",
    ];

    /// <inheritdoc/>
    internal override int Execute(ParseResult arguments, ToolContext context)
    {
        int threads = SharedOptions.ParseThreads(arguments.GetRequiredValue(_threads));
        int? runs = arguments.GetValue(_runs) is { } text ? SharedOptions.ParseNumber("--runs", text, 1, MostRuns) : null;
        VectorWidth width = SharedOptions.ParseWidth(arguments.GetRequiredValue(_width));
        ModelFile model = ModelFile.Open(arguments.GetRequiredValue(_model));
        NetworkGraph graph = model.ReadGraph();
        var shapes = new NetworkShapes(graph);
        ImageSize size = shapes.ChooseSize(arguments.GetValue(_size), StandardSize);

        using INetworkHost host = context.Load(model, graph, width);
        using NetworkRun run = NetworkRun.Create(host, "--size", size, threads);
        Dictionary<string, Tensor> inputs = NetworkInputs.Random(graph, size, seed: 1);
        Timing timing = context.Progress("timing", () => Measure(run.Session, inputs, runs, context.Cancellation));
        (long binary, long fp32) = Compiler.Planning.PlanTotals.Macs(graph, size.Height, size.Width);
        var report = new BenchReport(graph.Name, size, run.Session, timing, binary, fp32);
        context.Output.WriteLine(arguments.GetValue(_json) ? report.ToJson() : report.ToTable());
        return ExitCode.Success;
    }

    private static Timing Measure(BloomSession session, IReadOnlyDictionary<string, Tensor> inputs, int? runs, CancellationToken cancellation)
    {
        float[][] given = [.. session.Inputs.Select(i => inputs[i.Name].Values)];
        float[][] results = [.. session.Outputs.Select(o => new float[o.Length])];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < WarmUpRuns; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            session.Run(given, results);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / WarmUpRuns;
        long[] ticks = new long[runs ?? Math.Clamp((int)(SecondsWithoutRuns / seconds), 5, MostRuns)];
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < ticks.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            long before = Stopwatch.GetTimestamp();
            session.Run(given, results);
            ticks[i] = Stopwatch.GetTimestamp() - before;
        }

        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Array.Sort(ticks);
        double median = (ticks[(ticks.Length - 1) / 2] + ticks[ticks.Length / 2]) / 2.0;
        return new Timing(ticks.Length, Milliseconds(ticks[0]), Milliseconds(median), allocated / ticks.Length);
    }

    private static double Milliseconds(double ticks) => ticks * 1000 / Stopwatch.Frequency;
}

/// <summary>What repeated runs took.</summary>
/// <param name="Runs">Timed runs.</param>
/// <param name="BestMilliseconds">The fastest.</param>
/// <param name="MedianMilliseconds">The one in the middle.</param>
/// <param name="AllocatedBytesPerRun">Managed bytes that the process allocated during them, divided by their number.</param>
internal sealed record Timing(int Runs, double BestMilliseconds, double MedianMilliseconds, long AllocatedBytesPerRun);
