using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>Compiled code computes what the reference interpreter computes, at every vector width and with any number of threads.</summary>
public sealed class AgreementTests
{
    // fp32 convolutions of some hundred terms differ by about 1e-6; ten times that leaves room, and a wrong term is far beyond.
    private const double Tolerance = 1e-5;

    // A sign whose input is nearer to 0 than this share of its spread may be taken either way behind a rounded sum.
    private const double LeastMargin = 2e-5;

    private static readonly int[] ThreadCounts = [1, 2, 3];

    [Fact]
    public void Binary_networks_agree_with_the_interpreter_bit_for_bit() =>
        RandomCases.CheckAll(GraphKind.Binary, network => CheckEveryEngine(network, network.Interpret(), tolerance: 0));

    [Fact]
    public void Mixed_networks_agree_with_the_interpreter() =>
        RandomCases.CheckAll(GraphKind.Mixed, network =>
        {
            IReadOnlyDictionary<string, Tensor> tensors = Interpreter.RunAll(network.Graph, network.Inputs);
            bool exact = ExactSums.Hold(network.Graph, tensors);
            if (!exact && SignMargins.Least(network.Graph, tensors) < LeastMargin) return null;
            return CheckEveryEngine(network, network.Interpret(), exact ? 0 : Tolerance);
        });

    /// <summary>The random networks are worth drawing: few are passed over above, and many leave no room for rounding.</summary>
    [Fact]
    public void Most_mixed_networks_can_be_compared()
    {
        int exact = 0, comparable = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            NetworkCase network = RandomNetwork.Draw(seed, GraphKind.Mixed);
            IReadOnlyDictionary<string, Tensor> tensors = Interpreter.RunAll(network.Graph, network.Inputs);
            if (ExactSums.Hold(network.Graph, tensors)) exact++;
            else if (SignMargins.Least(network.Graph, tensors) >= LeastMargin) comparable++;
        }

        Assert.True(exact >= 15, $"only {exact} of 40 networks are exact");
        Assert.True(exact + comparable >= 32, $"only {exact} + {comparable} of 40 networks can be compared");
    }

    /// <summary>
    /// Null where every engine agrees with <paramref name="expected"/>, and engines with one another: bit for bit for any number of
    /// threads, and across widths too where no operator leaves rounding open.
    /// </summary>
    internal static string? CheckEveryEngine(NetworkCase network, IReadOnlyDictionary<string, Tensor> expected, double tolerance)
    {
        using CompiledModel model = CompiledModel.Compile(network.Graph);
        IReadOnlyDictionary<string, Tensor>? first = null;
        foreach (VectorWidth width in CompiledModel.Widths)
        {
            if (!SignMargins.IsExact(network.Graph)) first = null;
            foreach (int threads in ThreadCounts)
            {
                IReadOnlyDictionary<string, Tensor> actual = model.Run(network, threads, width);
                first ??= actual;
                if (Difference.InBits(first, actual) is { } change) return $"{network.Name}: {width}, {threads} threads, another engine disagrees: {change}";
                foreach (Difference difference in Difference.BetweenAll(expected, actual))
                    if (!(difference.Max <= tolerance * difference.Spread)) return $"{network.Name}: {width}, {threads} threads: {difference}";
            }
        }

        return null;
    }
}
