using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Bitloom.Import.Architectures;
using Bitloom.Training;
using Bitloom.Training.Losses;
using Bitloom.Training.Networks;
using Bitloom.Training.Optimisers;
using Bitloom.Training.Parameters;
using Bitloom.Training.State;

namespace Bitloom.Benchmarks.Commands;

/// <summary>
/// The <c>training</c> mode: one step of bbcu-s-x2 (BBCU-M, 32 channels, 8 blocks, x2) on 16 patches of 32 x 32 with L1 and Adam, at each number
/// of threads in turn.
/// </summary>
internal static class TrainingCommand
{
    private const int Batch = 16;
    private const int Patch = 32;

    private static readonly Option<int> Steps = new("--steps") { Description = "timed steps for each number of threads", DefaultValueFactory = _ => 30 };
    private static readonly Option<int[]> Threads = new("--threads") { Description = "numbers of threads", DefaultValueFactory = _ => [1, 2], AllowMultipleArgumentsPerToken = true };

    internal static Command Create()
    {
        var command = new Command("training", "Measure a training step of bbcu-s-x2 and print milliseconds.") { Steps, Threads };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult options)
    {
        int steps = Math.Max(1, options.GetValue(Steps));
        var cases = (options.GetValue(Threads) ?? [1, 2]).Select(t => new Case(t)).ToArray();
        foreach (Case one in cases)
            for (int i = 0; i < 3; i++) one.Step();

        // In turns, so that a slow moment of the machine meets all alike.
        var times = cases.Select(_ => new List<double>()).ToArray();
        for (int step = 0; step < steps; step++)
            for (int i = 0; i < cases.Length; i++) times[i].Add(cases[i].Step());
        for (int i = 0; i < cases.Length; i++)
        {
            times[i].Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"bbcu-s-x2, batch {Batch} of {Patch} x {Patch}, {cases[i].Threads} threads: best {times[i][0]:F1} ms, median {times[i][steps / 2]:F1} ms, {cases[i].MemoryBytes >> 20} MiB"));
            cases[i].Dispose();
        }

        return 0;
    }

    private sealed class Case : IDisposable
    {
        private readonly ParameterSet _parameters;
        private readonly TrainingNetwork _network;
        private readonly Adam _optimiser;
        private readonly L1Loss _loss = new();

        internal Case(int threads)
        {
            Threads = threads;
            var weights = new InitialWeights(new CounterRandom(1));
            Compiler.Graph.NetworkGraph graph = new BbcuSr(Channels: 32, Units: 16, Scale: 2).Build("bbcu-s-x2", "", weights);
            var settings = new TrainingSettings();
            _parameters = ParameterSet.Create([graph], settings, weights.Taken);
            _network = new TrainingNetwork(graph, _parameters, settings, new TrainingShape(Batch, Patch, Patch, threads));
            _optimiser = new Adam(_parameters);
            var random = new CounterRandom(2);
            foreach (ref float x in _network.Input("input")) x = (float)random.NextUniform();
            foreach (ref float x in _network.Target) x = (float)random.NextUniform();
        }

        internal int Threads { get; }

        internal long MemoryBytes => _network.MemoryBytes;

        public void Dispose()
        {
            _optimiser.Dispose();
            _network.Dispose();
            _parameters.Dispose();
        }

        internal double Step()
        {
            long start = Stopwatch.GetTimestamp();
            _network.Step(_loss);
            _optimiser.Step(2e-4);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }
}
