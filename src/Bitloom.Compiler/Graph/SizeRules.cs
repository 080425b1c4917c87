using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Graph;

/// <summary>What a network demands of free sizes beyond that every tensor has a pixel.</summary>
/// <param name="Condition">C# over variables named as the sizes, true where the demand is met.</param>
/// <param name="Demand">The demand in words, e.g. <c>height must be a multiple of 4</c>.</param>
public sealed record SizeRule(string Condition, string Demand);

/// <summary>Finds the demands: multiples, and reflections that need more pixels than they add.</summary>
public static class SizeRules
{
    /// <summary>The demands of a graph that <see cref="ShapeInference"/> accepts, each once.</summary>
    public static EquatableArray<SizeRule> Of(NetworkGraph graph)
    {
        ShapeTable shapes = ShapeInference.Infer(graph).Value ?? throw new ArgumentException($"The network '{graph.Name}' is not valid.", nameof(graph));
        var rules = new List<SizeRule>();
        foreach (GraphInput input in graph.Inputs)
        {
            if (input.Shape.Height is SymbolExtent { Multiple: > 1 } height) rules.Add(Multiple(height));
            if (input.Shape.Width is SymbolExtent { Multiple: > 1 } width) rules.Add(Multiple(width));
        }

        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is Pad { Mode: PadMode.Reflect } pad)
            {
                TensorShape from = shapes[node.Inputs[0]];
                rules.Add(AtLeast(from.Height, Math.Max(pad.Top, pad.Bottom) + 1, "high", node.Name));
                rules.Add(AtLeast(from.Width, Math.Max(pad.Left, pad.Right) + 1, "wide", node.Name));
            }
            else if (node.Operator is PadToMultiple { Mode: PadMode.Reflect })
            {
                rules.Add(Reflects(shapes[node.Inputs[0]].Height, shapes[node.Name].Height, node.Name));
                rules.Add(Reflects(shapes[node.Inputs[0]].Width, shapes[node.Name].Width, node.Name));
            }
        }

        // What holds for constants need not be said.
        return rules.Where(r => r.Condition.Length > 0).Distinct().ToEquatableArray();
    }

    private static SizeRule Multiple(SymbolExtent size) =>
        new(FormattableString.Invariant($"{size.Name} % {size.Multiple} == 0"), FormattableString.Invariant($"{size.Name} must be a multiple of {size.Multiple}"));

    private static SizeRule AtLeast(Extent extent, int least, string adjective, string node) => extent.FreeSymbol is null && extent.Evaluate(new Dictionary<string, int>()) >= least
        ? new("", "")
        : new(FormattableString.Invariant($"{extent.ToCSharp()} >= {least}"), FormattableString.Invariant($"the image that '{node}' reflects must be at least {least} pixels {adjective}"));

    private static SizeRule Reflects(Extent from, Extent to, string node) => from == to
        ? new("", "")
        : new($"{to.ToCSharp()} < 2 * {from.ToCSharp()}", $"the image is too small for '{node}' to fill it by reflection");
}
