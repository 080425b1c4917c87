using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Passes;
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
    public void Binary_networks_agree_with_the_interpreter_bit_for_bit() => RandomCases.CheckAll(GraphKind.Binary, CheckAgreement);

    [Fact]
    public void Mixed_networks_agree_with_the_interpreter() => RandomCases.CheckAll(GraphKind.Mixed, CheckAgreement);

    /// <summary>Kernels for images of fixed size are chosen by that size.</summary>
    [Fact]
    public void Networks_of_fixed_size_agree_with_the_interpreter() => RandomCases.CheckAll(GraphKind.Mixed, network => CheckAgreement(Fixed(network)), share: 2);

    /// <summary>The random networks are worth drawing: few are passed over, and many leave no room for rounding.</summary>
    [Fact]
    public void Most_mixed_networks_can_be_compared()
    {
        int exact = 0, comparable = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            NetworkCase lowered = Lowered(RandomNetwork.Draw(seed, GraphKind.Mixed));
            if (ToleranceFor(lowered) is not { } tolerance) continue;
            comparable++;
            if (tolerance == 0) exact++;
        }

        Assert.True(exact >= 20, $"only {exact} of 40 networks are exact");
        Assert.True(comparable >= 32, $"only {comparable} of 40 networks can be compared");
    }

    /// <summary>
    /// Compares with the interpreter's run of the lowered graph: passes may combine factors in another order than the descriptor
    /// writes them (<see cref="PassTests"/> bounds by how much), but kernels compute exactly what the lowered graph says.
    /// </summary>
    private static string? CheckAgreement(NetworkCase network)
    {
        NetworkCase lowered = Lowered(network);
        return ToleranceFor(lowered) is { } tolerance ? CheckEveryEngine(network, lowered.Interpret(), tolerance) : null;
    }

    /// <summary>What engines may differ by, relative to a tensor's spread; null where signs are too near 0 for any bound.</summary>
    private static double? ToleranceFor(NetworkCase lowered)
    {
        if (SignMargins.IsExact(lowered.Graph)) return 0;
        IReadOnlyDictionary<string, Tensor> tensors = Interpreter.RunAll(lowered.Graph, lowered.Inputs);
        return ExactSums.Hold(lowered.Graph, tensors) ? 0 : SignMargins.Least(lowered.Graph, tensors) < LeastMargin ? null : Tolerance;
    }

    private static NetworkCase Fixed(NetworkCase network) => network with
    {
        Graph = network.Graph with { Inputs = network.Graph.Inputs.Select(i => i with { Shape = FixedShape(i.Shape, network.Inputs[i.Name]) }).ToEquatableArray() },
    };

    private static TensorShape FixedShape(TensorShape shape, Tensor value) => shape with { Height = Extent.Constant(value.Height), Width = Extent.Constant(value.Width) };

    private static NetworkCase Lowered(NetworkCase network) => network with { Graph = PassList.Lower(network.Graph, CancellationToken.None) };

    /// <summary>
    /// Null where every engine agrees with <paramref name="expected"/>, and engines with one another: bit for bit for any number of
    /// threads, and across widths too where no operator leaves rounding open.
    /// </summary>
    internal static string? CheckEveryEngine(NetworkCase network, IReadOnlyDictionary<string, Tensor> expected, double tolerance)
    {
        using CompiledModel model = CompiledModel.Compile(network.Graph);
        bool exact = SignMargins.IsExact(Lowered(network).Graph);
        IReadOnlyDictionary<string, Tensor>? first = null;
        foreach (VectorWidth width in CompiledModel.Widths)
        {
            if (!exact) first = null;
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
