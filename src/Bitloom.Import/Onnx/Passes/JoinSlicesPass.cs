using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Passes;

/// <summary>
/// Joins slices that follow one another along different axes, as <c>x[:, :, :h, :w]</c> exports, so that rows and columns are cut at once.
/// <code>
///   before   x -> Slice(0 to h, axis 2) -> Slice(0 to w, axis 3)
///   after    x -> Slice(0 to h and 0 to w, axes 2 and 3)
/// </code>
/// </summary>
internal static class JoinSlicesPass
{
    // Starts, ends, axes, steps.
    private const int Operands = 4;

    // Tensors have no more.
    private const int MostAxes = 4;

    internal static OnnxGraph Run(OnnxGraph graph, ImportLog log)
    {
        // Several in a row join one after the other, so each is looked up as it has become.
        var finder = new NodeFinder(graph);
        var joined = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        var nodes = new List<OnnxNode>();
        var taken = new HashSet<string>(graph.Nodes.SelectMany(n => n.Outputs).Concat(graph.Constants.Keys).Concat(graph.Inputs.Select(i => i.Name)), StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
        {
            OnnxNode? first = finder.Maker(node.Input(0), "Slice") is { } maker ? joined.GetValueOrDefault(maker.Outputs[0], maker) : null;
            if (first is null || !IsFull(node) || !IsFull(first) || Axes(node, finder, joined) is not { } axes || Axes(first, finder, joined) is not { } before || axes.Intersect(before).Any())
            {
                nodes.Add(node);
                continue;
            }

            OnnxNode[] operands = [.. Enumerable.Range(1, Operands).Select(i => Concatenate(node, first.Inputs[i], node.Inputs[i], FreeName(FormattableString.Invariant($"{node.Outputs[0]}.{i}"), taken)))];
            nodes.AddRange(operands);
            foreach (OnnxNode operand in operands) joined[operand.Outputs[0]] = operand;
            OnnxNode both = node with { Inputs = [first.Inputs[0], .. operands.Select(o => o.Outputs[0])] };
            joined[node.Outputs[0]] = both;
            nodes.Add(both);
        }

        log.Removed("slices after slices", joined.Values.Count(n => n.Operator == "Slice"));
        return graph with { Nodes = nodes };
    }

    // All operands given as inputs, which is how every export from operator set 10 on spells it.
    private static bool IsFull(OnnxNode node) => node is { Operator: "Slice", Domain.Length: 0, Inputs.Count: 5 } && node.Inputs.All(i => i.Length > 0);

    // Counted from the front only: how many there are is not known yet.
    private static int[]? Axes(OnnxNode node, NodeFinder finder, Dictionary<string, OnnxNode> joined)
    {
        int[] axes = AxesOf(node.Inputs[3]);
        return axes.Length is 0 or > MostAxes || axes.Any(a => a < 0) ? null : axes;

        int[] AxesOf(string value) => joined.TryGetValue(value, out OnnxNode? both) ? [.. both.Inputs.SelectMany(AxesOf)] : Constant(value, finder) ?? [-1];
    }

    private static int[]? Constant(string value, NodeFinder finder) =>
        finder.Constant(value) is IntegerValue { IsConstant: true } whole ? [.. whole.Grid.Items.Select(a => ((ConstantExtent)a).Value)] : null;

    private static OnnxNode Concatenate(OnnxNode node, string first, string second, string name) =>
        new(node.Name, "Concat", "", [first, second], [name], new Dictionary<string, OnnxAttribute> { ["axis"] = new OnnxAttribute(0, 0, "", [], null) });

    private static string FreeName(string name, HashSet<string> taken)
    {
        while (!taken.Add(name)) name += "_";
        return name;
    }
}
