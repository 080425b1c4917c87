using System.CommandLine;
using System.Globalization;
using Bitloom.Benchmarks.Duels;
using Bitloom.Benchmarks.Reports;

namespace Bitloom.Benchmarks.Commands;

/// <summary>The <c>peers</c> mode: ours and ONNX Runtime in turn.</summary>
internal static class PeersCommand
{
    private static readonly Option<int> Runs = new("--runs") { Description = "turns of each side", DefaultValueFactory = _ => 15 };
    private static readonly Option<string> Threads = new("--threads") { Description = "numbers of threads, e.g. 1,2", DefaultValueFactory = _ => Environment.ProcessorCount > 1 ? "1,2" : "1" };
    private static readonly Option<bool> Quick = new("--quick") { Description = "three short turns: shows that all works, not how fast" };
    private static readonly Option<string?> Filter = new("--filter") { Description = "only cases whose names contain this" };
    private static readonly Option<string?> Models = new("--models") { Description = "folder of the peer's ONNX models (default: shared/reference beside the repository, or BITLOOM_SHARED)" };
    private static readonly Option<string?> Output = new("--output") { Description = "results file (default: results/peers.md, or none with --quick or --filter)" };

    internal static Command Create()
    {
        Runs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10000) result.AddError("--runs takes a number from 1 to 10000.");
        });
        Threads.Validators.Add(result =>
        {
            if (ParseThreads(result.GetValueOrDefault<string>()) is null) result.AddError("--threads takes different numbers from 1 to 256 with commas between, e.g. 1,2.");
        });
        var command = new Command("peers", "Measure ours and ONNX Runtime in turn and write results/peers.md.") { Runs, Threads, Quick, Filter, Models, Output };
        command.SetAction((options, cancellation) => Task.Run(() => Run(options, cancellation), CancellationToken.None));
        return command;
    }

    /// <summary>The numbers of a list such as <c>1,2</c>, or null where it is none.</summary>
    internal static IReadOnlyList<int>? ParseThreads(string? text)
    {
        string[] parts = (text ?? "").Split(',');
        int[] numbers = [.. parts.Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return numbers.All(n => n is >= 1 and <= 256) && numbers.Distinct().Count() == numbers.Length ? numbers : null;
    }

    private static int Run(ParseResult options, CancellationToken cancellation)
    {
        bool isQuick = options.GetValue(Quick);
        string? filter = options.GetValue(Filter);
        DuelCase[] cases = [.. DuelCases.All.Where(c => filter is null || c.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        if (cases.Length == 0) return Fail($"no case contains '{filter}'; there are: {string.Join("; ", DuelCases.All.Select(c => c.Name).Distinct())}");

        var length = isQuick ? new DuelLength(3, 1, TimeSpan.FromMilliseconds(200)) : new DuelLength(options.GetValue(Runs), 60, TimeSpan.FromSeconds(1));
        var report = new DuelReport(length);
        try
        {
            PeerRuntime runtime = PeerRuntime.Prepare(Path.Combine(RepositoryFolder.Benchmarks, "peers"));
            string models = options.GetValue(Models) ?? RepositoryFolder.SharedModels() ?? "";
            var duel = new Duel(runtime, models, length);
            foreach (DuelCase @case in cases) RunCase(duel, @case, ParseThreads(options.GetValue(Threads))!, report, cancellation);
            string text = report.Compose(duel.PeerVersion, runtime.NodeVersion);
            Console.Write(text);
            if (report.IsEmpty) return Fail("nothing was measured, and nothing written");
            if ((options.GetValue(Output) ?? (isQuick || filter is not null ? null : RepositoryFolder.Results("peers"))) is { } file) ResultsFile.Write(file, text);
            return 0;
        }
        catch (PeerException failure)
        {
            return Fail(failure.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail("stopped; nothing was written");
        }
    }

    private static void RunCase(Duel duel, DuelCase @case, IReadOnlyList<int> threads, DuelReport report, CancellationToken cancellation)
    {
        Console.Error.WriteLine($"{@case.Name}, peer: {@case.Peer} ...");
        try
        {
            report.Add(@case, duel.Run(@case, threads, cancellation));
        }
        catch (Exception reason) when (reason is PeerException or InvalidOperationException)
        {
            // An interrupted peer fails too; that is no reason to note.
            cancellation.ThrowIfCancellationRequested();
            report.Skip(@case, reason.Message);
        }
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"peers: {message}");
        return 2;
    }
}
