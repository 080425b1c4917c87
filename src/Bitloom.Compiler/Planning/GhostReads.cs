using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Which shifted channels need no copy.</summary>
internal static class GhostReads
{
    /// <summary>True where every reader of shifted channels adds them at their offsets, so that no step makes them.</summary>
    internal static bool AreInPlace(GraphEditor graph, Node node) =>
        node.Operator is ShiftedChannels { IsNear: true } && !graph.IsOutput(node.Name) && graph.ReadersOf(node.Name).All(r => r.Operator is Add or Subtract);

    /// <summary>Channels read at an offset.</summary>
    internal static int Count(ShiftedChannels choice) => choice.Offsets.Count(o => !o.IsZero);
}
