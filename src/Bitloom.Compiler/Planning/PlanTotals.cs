using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Sizes of a plan that a reader wants first.</summary>
/// <param name="Parameters">Weights of the graph as the user wrote it.</param>
/// <param name="BinaryMacsPerPixel">Binary multiply-accumulates for one pixel of the first input, borders apart.</param>
/// <param name="FloatMacsPerPixel">fp32 multiply-accumulates for one pixel of the first input.</param>
/// <param name="ArenaBytesPerPixel">Bytes of activations for one pixel of the first input, margins apart.</param>
public sealed record PlanTotals(ParameterCount Parameters, double BinaryMacsPerPixel, double FloatMacsPerPixel, double ArenaBytesPerPixel)
{
    /// <summary>Totals of a plan, for an input large enough that borders do not count.</summary>
    public static PlanTotals Of(Plan plan)
    {
        // A size that every whole factor of the networks divides.
        const int size = 1440;
        (long binary, long fp32) = Macs(plan.Source, size, size);
        Dictionary<string, int> sizes = Sizes(plan.Source, size, size);
        TensorShape input = plan.Source.Inputs[0].Shape;
        double pixels = (double)input.Height.Evaluate(sizes) * input.Width.Evaluate(sizes);
        double arena = ArenaLayout.Measure(plan, slot =>
        {
            Level level = plan.Levels[slot.Level];
            return (double)level.Height.Evaluate(sizes) * level.Width.Evaluate(sizes) * slot.Channels * (slot.Kind == SlotKind.Float ? 4 : 0.125);
        });
        return new PlanTotals(ParameterCount.Of(plan.Source), binary / pixels, fp32 / pixels, arena / pixels);
    }

    /// <summary>Binary and fp32 multiply-accumulates of one run, padded taps included; of each gate the most expensive branch.</summary>
    public static (long Binary, long Float) Macs(NetworkGraph graph, int height, int width)
    {
        Dictionary<string, int> sizes = Sizes(graph, height, width);
        ShapeTable shapes = ShapeInference.Infer(graph).Value!;
        BranchMap branches = BranchMap.Of(graph);
        ILookup<Branch?, Node> members = graph.Nodes.ToLookup(n => branches[n.Name]);
        return (Count(null, n => n.Operator is BinaryConv2d), Count(null, n => n.Operator is not BinaryConv2d));

        long Count(Branch? branch, Func<Node, bool> counts) => members[branch].Sum(node => node.Operator is Gate gate
            ? Enumerable.Range(0, gate.Branches.Count).Max(i => Count(new Branch(node.Name, i, branch), counts))
            : counts(node) ? MacsOf(node) : 0);

        long MacsOf(Node node)
        {
            TensorShape shape = shapes[node.Name];
            return node.Operator.MacsPerOutput * shape.Channels * shape.Height.Evaluate(sizes) * shape.Width.Evaluate(sizes);
        }
    }

    /// <summary>Bytes of ghosts that are read where the channels lie that they are made of, and so are never moved.</summary>
    public static long GhostBytesNotMoved(Plan plan, int height, int width) => GhostReads.BytesNotMoved(plan, Sizes(plan.Source, height, width));

    // Free sizes in the order in which the inputs name them: the first is a height, the second a width.
    private static Dictionary<string, int> Sizes(NetworkGraph graph, int height, int width)
    {
        var sizes = new Dictionary<string, int>();
        foreach (GraphInput input in graph.Inputs)
        {
            if (input.Shape.Height.FreeSymbol is { } h) sizes[h] = height;
            if (input.Shape.Width.FreeSymbol is { } w) sizes[w] = width;
        }

        return sizes;
    }
}
