namespace Bitloom.Import.Onnx.Passes;

/// <summary>
/// Joins signs that are spelled by a comparison with 0, as <c>torch.where(x >= 0, 1, -1)</c> and Bitloom's own exports are. They differ
/// from ONNX's Sign at 0 alone, which the attribute <see cref="AtZero"/> tells; ONNX itself has no such attribute.
/// <code>
///   before   Where(GreaterOrEqual(x, 0) | Not(Less(x, 0)), 1, -1)          after   Sign(x) with at_zero = 1
///   before   Where(Greater(x, 0), 1, -1),  2 * Cast(Greater(x, 0)) - 1     after   Sign(x) with at_zero = -1
///   before   Where(GreaterOrEqual(x, 0), -1, 1)                            after   Sign(Neg(x)) with at_zero = -1
/// </code>
/// </summary>
internal static class FuseSignPass
{
    /// <summary>What a Sign makes of 0: 1 or -1; absent, ONNX's own 0.</summary>
    internal const string AtZero = "at_zero";

    // -ones_like(x) is a Neg of a ConstantOfShape, maybe cast: nothing that exporters write is deeper.
    private const int DeepestConstant = 4;

    internal static OnnxGraph Run(OnnxGraph graph, ImportLog log)
    {
        var finder = new NodeFinder(graph);
        var nodes = new List<OnnxNode>();
        int found = 0;
        foreach (OnnxNode node in graph.Nodes)
        {
            if (Find(node, finder) is not { } test)
            {
                nodes.Add(node);
                continue;
            }

            string x = test.Value;
            if (test.IsNegative) nodes.Add(new OnnxNode(node.Name + ".negative", "Neg", "", [x], [x = node.Outputs[0] + ".negative"], new Dictionary<string, OnnxAttribute>()));
            var attributes = new Dictionary<string, OnnxAttribute> { [AtZero] = new(test.AtZero, 0, "", [], null) };
            nodes.Add(new OnnxNode(node.Name, "Sign", "", [x], node.Outputs, attributes));
            found++;
        }

        log.Removed("signs by comparison with 0", found);
        return graph with { Nodes = nodes };
    }

    private static Test? Find(OnnxNode node, NodeFinder finder)
    {
        if (node.Domain.Length > 0 || node.Outputs.Count != 1) return null;
        if (node.Operator == "Where" && node.Inputs is [var condition, var yes, var no])
        {
            return (Uniform(yes, finder, DeepestConstant), Uniform(no, finder, DeepestConstant)) switch
            {
                (1, -1) => Compare(condition, finder),
                (-1, 1) => Compare(condition, finder)?.Negated(),
                _ => null,
            };
        }

        // 2 * c - 1, where c is 1 or 0.
        string? doubled = node.Operator switch
        {
            "Sub" when finder.Number(node.Input(1)) == 1 => node.Input(0),
            "Add" => finder.OtherThan(node, n => n == -1),
            _ => null,
        };
        return finder.Maker(finder.OtherThan(finder.Maker(doubled, "Mul"), n => n == 2), "Cast") is { } cast ? Compare(cast.Input(0), finder) : null;
    }

    // Comparisons with 0 on either side, maybe under Not.
    private static Test? Compare(string? condition, NodeFinder finder)
    {
        if (finder.Maker(condition, "Not") is { } not) return Compare(not.Input(0), finder)?.Negated();
        foreach ((string @operator, bool isNegative, int atZero) in new[] { ("GreaterOrEqual", false, 1), ("Greater", false, -1), ("LessOrEqual", true, 1), ("Less", true, -1) })
        {
            if (finder.Maker(condition, @operator) is not { Inputs: [var left, var right] }) continue;
            if (Uniform(right, finder, DeepestConstant) == 0) return new Test(left, isNegative, atZero);
            if (Uniform(left, finder, DeepestConstant) == 0) return new Test(right, !isNegative, atZero);
        }

        return null;
    }

    // The number that a value holds everywhere.
    private static float? Uniform(string? value, NodeFinder finder, int depth)
    {
        if (depth == 0) return null;
        if (ConstantEvaluator.ToReal(finder.Constant(value)) is { Grid.Items: { Length: > 0 } items }) return items.AsSpan().IndexOfAnyExcept(items[0]) < 0 ? items[0] : null;
        if (finder.Maker(value, "Neg") is { } negative) return -Uniform(negative.Input(0), finder, depth - 1);
        if ((finder.Maker(value, "Cast") ?? finder.Maker(value, "Expand")) is { } same) return Uniform(same.Input(0), finder, depth - 1);
        if (finder.Maker(value, "ConstantOfShape") is not { } filled) return null;
        return filled.Attributes.GetValueOrDefault("value") is { } content ? ConstantEvaluator.ToReal(content.Tensor)?.Grid.Items is [var item] ? item : null : 0;
    }

    /// <summary>+1 where the value, or its negative, is greater than 0, and -1 where it is less.</summary>
    private sealed record Test(string Value, bool IsNegative, int AtZero)
    {
        /// <summary>The same with +1 and -1 exchanged: -sign(x) is sign(-x), but for 0.</summary>
        internal Test Negated() => this with { IsNegative = !IsNegative, AtZero = -AtZero };
    }
}
