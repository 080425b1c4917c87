using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Passes;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>The compiler's passes keep what a network computes: the interpreter runs the graph before and after each.</summary>
public sealed class PassTests
{
    private const double Tolerance = 1e-5;
    private const double LeastMargin = 2e-5;

    public static TheoryData<string> Passes => [.. PassList.Lowering.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Passes))]
    public void A_pass_keeps_what_a_network_computes(string name) =>
        RandomCases.CheckAll(GraphKind.Mixed, network => CheckRewrite(network, LoweredUpTo(name, network.Graph), PassList.Lowering.Single(p => p.Name == name).Run));

    [Fact]
    public void All_passes_together_keep_what_a_network_computes() =>
        RandomCases.CheckAll(GraphKind.Mixed, network => CheckRewrite(network, network.Graph, g => PassList.Lower(g, CancellationToken.None)));

    [Fact]
    public void Lowering_twice_changes_nothing_more() => RandomCases.CheckAll(GraphKind.Mixed, network =>
    {
        NetworkGraph once = PassList.Lower(network.Graph, CancellationToken.None);
        return PassList.Lower(once, CancellationToken.None) == once ? null : $"{network.Name}: lowering a lowered graph changes it";
    });

    /// <summary>The random networks are worth drawing: few are passed over above.</summary>
    [Fact]
    public void Most_networks_can_be_compared()
    {
        int comparable = Enumerable.Range(0, 40).Count(seed =>
        {
            NetworkCase network = RandomNetwork.Draw(seed, GraphKind.Mixed);
            IReadOnlyDictionary<string, Tensor> tensors = Interpreter.RunAll(network.Graph, network.Inputs);
            return ExactSums.Hold(network.Graph, tensors) || SignMargins.LeastOfAll(network.Graph, tensors) >= LeastMargin;
        });
        Assert.True(comparable >= 30, $"only {comparable} of 40 networks can be compared");
    }

    private static NetworkGraph LoweredUpTo(string name, NetworkGraph graph) =>
        PassList.Lowering.TakeWhile(p => p.Name != name).Aggregate(graph, (g, pass) => pass.Run(g));

    private static string? CheckRewrite(NetworkCase network, NetworkGraph before, Func<NetworkGraph, NetworkGraph> rewrite)
    {
        NetworkGraph after = rewrite(before);
        IReadOnlyDictionary<string, Tensor> tensorsBefore = Interpreter.RunAll(before, network.Inputs), tensorsAfter = Interpreter.RunAll(after, network.Inputs);
        bool exact = ExactSums.Hold(before, tensorsBefore) && ExactSums.Hold(after, tensorsAfter);
        if (!exact && SignMargins.LeastOfAll(before, tensorsBefore) < LeastMargin) return null;
        foreach (GraphOutput output in network.Graph.Outputs)
        {
            Difference difference = Difference.Between(output.Name, tensorsBefore[output.Tensor], tensorsAfter[output.Tensor]);
            if (!(difference.Max <= (exact ? 0 : Tolerance) * difference.Spread)) return $"{network.Name}: {difference}";
        }

        return null;
    }
}
