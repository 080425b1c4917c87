using System.CommandLine;
using BenchmarkDotNet.Running;
using Bitloom.Benchmarks.Commands;
using Bitloom.Benchmarks.Duels;
using Bitloom.Benchmarks.Kernels;
using Bitloom.Benchmarks.Reports;

// One of our own modes, or BenchmarkDotNet's command line, e.g. --filter *BinaryLayer*.
var modes = new RootCommand("Measures Bitloom. Anything but these modes goes to BenchmarkDotNet.")
{
    new DuelCommand("peers", "Measure whole networks of ours and of ONNX Runtime in turn and write results/peers.md.", DuelCases.Networks, DuelReportForm.Networks).Create(),
    new DuelCommand("layers", "Measure single layers of classifiers, ours and ONNX Runtime's in turn, and write results/layers.md.", DuelCases.Layers, DuelReportForm.Layers).Create(),
    KernelsCommand.Create(),
    TrainingCommand.Create(),
    AblationsCommand.Create(),
    ReadmeCommand.Create(),
    ZooCommand.Create(),
};
if (args.Length > 0 && (modes.Subcommands.Any(mode => mode.Name == args[0]) || args[0] is "--help" or "-h"))
{
    // A turn in progress is finished before the program obeys an interruption.
    return await modes.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
}

BenchmarkSwitcher.FromAssembly(typeof(BinaryLayer).Assembly).Run(args, BenchmarkConfig.Create(isQuick: false));
return 0;
