using System.CommandLine;
using System.Globalization;
using Bitloom.Benchmarks.Duels;
using Bitloom.Benchmarks.Reports;

namespace Bitloom.Benchmarks.Commands;

/// <summary>The modes that measure ours and ONNX Runtime in turn: <c>peers</c>, whole networks, and <c>layers</c>, single ones.</summary>
/// <param name="name">The mode, and the name of its results file.</param>
/// <param name="description">One line about it.</param>
/// <param name="cases">What is measured.</param>
/// <param name="form">Heading and notes of the results file.</param>
internal sealed class DuelCommand(string name, string description, IReadOnlyList<DuelCase> cases, DuelReportForm form)
{
    private readonly Option<int> _runs = new("--runs") { Description = "turns of each side", DefaultValueFactory = _ => 15 };
    private readonly Option<string> _threads = new("--threads") { Description = "numbers of threads, e.g. 1,2", DefaultValueFactory = _ => Environment.ProcessorCount > 1 ? "1,2" : "1" };
    private readonly Option<bool> _quick = new("--quick") { Description = "three short turns: shows that all works, not how fast" };
    private readonly Option<string?> _filter = new("--filter") { Description = "only cases whose names contain this" };
    private readonly Option<string?> _models = new("--models") { Description = "folder of the peer's ONNX models (default: shared/reference beside the repository, or BITLOOM_SHARED)" };
    private readonly Option<string?> _output = new("--output") { Description = "results file (default: the mode's own in results/, or none with --quick or --filter)" };

    internal Command Create()
    {
        _runs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10000) result.AddError("--runs takes a number from 1 to 10000.");
        });
        _threads.Validators.Add(result =>
        {
            if (ParseThreads(result.GetValueOrDefault<string>()) is null) result.AddError("--threads takes different numbers from 1 to 256 with commas between, e.g. 1,2.");
        });
        var command = new Command(name, description) { _runs, _threads, _quick, _filter, _models, _output };
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

    private int Run(ParseResult options, CancellationToken cancellation)
    {
        bool isQuick = options.GetValue(_quick);
        string? filter = options.GetValue(_filter);
        DuelCase[] chosen = [.. cases.Where(c => filter is null || c.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        if (chosen.Length == 0) return Fail($"no case contains '{filter}'; there are: {string.Join("; ", cases.Select(c => c.Name).Distinct())}");

        var length = isQuick ? new DuelLength(3, 1, TimeSpan.FromMilliseconds(200)) : new DuelLength(options.GetValue(_runs), 60, TimeSpan.FromSeconds(1));
        var report = new DuelReport(length, form);
        try
        {
            PeerRuntime runtime = PeerRuntime.Prepare(Path.Combine(RepositoryFolder.Benchmarks, "peers"));
            string models = options.GetValue(_models) ?? RepositoryFolder.SharedModels() ?? "";
            var duel = new Duel(runtime, models, length);
            foreach (DuelCase @case in chosen) RunCase(duel, @case, ParseThreads(options.GetValue(_threads))!, report, cancellation);
            string text = report.Compose(duel.PeerVersion, runtime.NodeVersion);
            Console.Write(text);
            if (report.IsEmpty) return Fail("nothing was measured, and nothing written");
            if ((options.GetValue(_output) ?? (isQuick || filter is not null ? null : RepositoryFolder.Results(name))) is { } file) ResultsFile.Write(file, text);
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

    private int Fail(string message)
    {
        Console.Error.WriteLine($"{name}: {message}");
        return 2;
    }
}
