using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.Harness;

/// <summary>
/// Networks with signs amplify rounding: where a sign's input lies within rounding of 0, two correct engines may take different
/// signs. That can happen only behind operators whose rounding engines may choose: fp32 convolution and normalisation.
/// </summary>
internal static class SignMargins
{
    /// <summary>True for operators whose result engines may round differently.</summary>
    internal static bool IsInexact(Operator op) =>
        op is Conv2d or WinogradConv2d or BatchNorm or LayerNorm or Sigmoid or Gelu or Softmax or GlobalAveragePool or Resize { Method: not ResizeMethod.Nearest };

    /// <summary>True where every engine must give the same bits, because no operator leaves rounding open.</summary>
    internal static bool IsExact(NetworkGraph graph) => !graph.Nodes.Any(n => IsInexact(n.Operator));

    /// <summary>
    /// The least |u| / spread(u) over the inputs u of all signs behind inexact operators: infinite where there are none.
    /// Given every tensor that the interpreter made.
    /// </summary>
    internal static double Least(NetworkGraph graph, IReadOnlyDictionary<string, Tensor> tensors) => Least(graph, tensors, []);

    /// <summary>The same over all signs, for engines that may also combine the factors of elementwise operators.</summary>
    internal static double LeastOfAll(NetworkGraph graph, IReadOnlyDictionary<string, Tensor> tensors) => Least(graph, tensors, [.. graph.Inputs.Select(i => i.Name)]);

    private static double Least(NetworkGraph graph, IReadOnlyDictionary<string, Tensor> tensors, HashSet<string> inexact)
    {
        double least = double.PositiveInfinity;
        foreach (Node node in graph.Nodes)
        {
            bool behind = node.Inputs.Any(inexact.Contains);
            if (behind || IsInexact(node.Operator)) inexact.Add(node.Name);
            if (!behind || node.Operator is not Sign) continue;
            Tensor u = tensors[node.Inputs[0]];
            least = Math.Min(least, u.Values.Min(Math.Abs) / Difference.SpreadOf(u));
        }

        return least;
    }
}
