using System.CommandLine;
using BenchmarkDotNet.Running;
using Bitloom.Benchmarks.Commands;
using Bitloom.Benchmarks.Kernels;

// One of our own modes, or BenchmarkDotNet's command line, e.g. --filter *BinaryLayer*.
var modes = new RootCommand("Measures Bitloom. Anything but these modes goes to BenchmarkDotNet.")
{
    PeersCommand.Create(),
    KernelsCommand.Create(),
    TrainingCommand.Create(),
    ReadmeCommand.Create(),
};
if (args.Length > 0 && (modes.Subcommands.Any(mode => mode.Name == args[0]) || args[0] is "--help" or "-h"))
{
    // A turn in progress is finished before the program obeys an interruption.
    return await modes.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
}

BenchmarkSwitcher.FromAssembly(typeof(BinaryLayer).Assembly).Run(args, BenchmarkConfig.Create(isQuick: false));
return 0;
