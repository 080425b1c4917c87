namespace Bitloom.Import.Onnx.Passes;

/// <summary>Looks backwards through a graph for the nodes of a pattern.</summary>
internal sealed class NodeFinder
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, OnnxNode> _makers;

    internal NodeFinder(OnnxGraph graph) => (_graph, _makers) = (graph, graph.Makers());

    /// <summary>The node that makes a value, where it is one of ONNX's operators of that name.</summary>
    internal OnnxNode? Maker(string? value, string @operator) =>
        value is not null && _makers.TryGetValue(value, out OnnxNode? node) && node.Operator == @operator && node.Domain.Length == 0 ? node : null;

    /// <summary>The single number that a value is, or null.</summary>
    internal float? Number(string? value) =>
        value is not null && _graph.Constants.TryGetValue(value, out OnnxValue? constant) && ConstantEvaluator.ToReal(constant)?.Grid.Items is [var number] ? number : null;

    /// <summary>The constant that a value is, or null.</summary>
    internal OnnxValue? Constant(string? value) => value is null ? null : _graph.Constants.GetValueOrDefault(value);

    /// <summary>The other operand of a node with two, where one is a number that is <paramref name="wanted"/>.</summary>
    internal string? OtherThan(OnnxNode? node, Func<float, bool> wanted)
    {
        if (node is not { Inputs: [var left, var right] }) return null;
        if (Number(right) is { } second && wanted(second)) return left;
        return Number(left) is { } first && wanted(first) ? right : null;
    }

    /// <summary>True where two numbers are one, but for rounding to single precision.</summary>
    internal static bool IsNear(float value, double wanted) => Math.Abs(value - wanted) <= 2e-7 * Math.Max(1, Math.Abs(wanted));
}
