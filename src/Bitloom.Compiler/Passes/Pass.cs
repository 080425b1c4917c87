using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Passes;

/// <summary>A rewrite from graph to graph that keeps what the network computes.</summary>
/// <param name="Name">Its name in <c>explain</c>.</param>
/// <param name="Run">The rewrite; returns the same instance where it changes nothing.</param>
internal sealed record Pass(string Name, Func<NetworkGraph, NetworkGraph> Run);

/// <summary>The passes in their order.</summary>
internal static class PassList
{
    /// <summary>From what users write to what kernels compute.</summary>
    internal static IReadOnlyList<Pass> Lowering { get; } =
    [
        new("fold batch norm", FoldBatchNormPass.Run),
        new("remove identity borders", RemoveIdentityBordersPass.Run),
        new("gather ghosts", GatherGhostsPass.Run),
        new("expand RPReLU", ExpandRPReluPass.Run),
        new("merge affine", MergeAffinePass.Run),
        new("look through selections", LookThroughSelectionsPass.Run),
        new("join units", JoinUnitsPass.Run),
        new("join signs", JoinSignsPass.Run),
        new("spread over concatenations", SpreadOverConcatPass.Run),
        new("sink signs", SinkSignPass.Run),
        new("hoist pixel shuffle", HoistPixelShufflePass.Run),
        new("hoist over ghosts", HoistOverGhostsPass.Run),
        new("merge affine of moved nodes", MergeAffinePass.Run),
        new("merge bias over sums", MergeBiasOverSumPass.Run),
        new("fold affine into convolution", FoldAffineIntoConvPass.Run),
        new("pad inputs", PadInputsPass.Run),
        new("split windows", SplitWindowPass.Run),
        new("choose Winograd", ChooseWinogradPass.Run),
        new("read ghosts in place", ReadGhostsInPlacePass.Run),
        new("remove unused", RemoveUnusedPass.Run),
        new("group branches", GroupBranchesPass.Run),
    ];

    /// <summary>Runs every pass once.</summary>
    internal static NetworkGraph Lower(NetworkGraph graph, CancellationToken cancellation)
    {
        foreach (Pass pass in Lowering)
        {
            cancellation.ThrowIfCancellationRequested();
            graph = pass.Run(graph);
        }

        return graph;
    }
}
