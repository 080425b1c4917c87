using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Sizes of a plan that a reader wants first.</summary>
/// <param name="BinaryParameters">One-bit weights.</param>
/// <param name="FloatParameters">fp32 weights of the graph as the user wrote it.</param>
/// <param name="BinaryMacsPerPixel">Binary multiply-accumulates for one pixel of the first input, borders apart.</param>
/// <param name="FloatMacsPerPixel">fp32 multiply-accumulates for one pixel of the first input.</param>
/// <param name="ArenaBytesPerPixel">Bytes of activations for one pixel of the first input, margins apart.</param>
public sealed record PlanTotals(long BinaryParameters, long FloatParameters, double BinaryMacsPerPixel, double FloatMacsPerPixel, double ArenaBytesPerPixel)
{
    /// <summary>Totals of a plan, for an input large enough that borders do not count.</summary>
    public static PlanTotals Of(Plan plan)
    {
        // A size that every whole factor of the networks divides.
        const int size = 1440;
        (long binary, long fp32) = Macs(plan, size, size);
        double pixels = (double)size * size, arena = 0;
        Dictionary<string, int> sizes = Sizes(plan, size, size);
        TensorShape input = plan.Source.Inputs[0].Shape;
        pixels = (double)input.Height.Evaluate(sizes) * input.Width.Evaluate(sizes);
        foreach (Slot slot in plan.Slots)
        {
            Level level = plan.Levels[slot.Level];
            arena += (double)level.Height.Evaluate(sizes) * level.Width.Evaluate(sizes) * slot.Channels * (slot.Kind == SlotKind.Float ? 4 : 0.125);
        }

        return new PlanTotals(
            plan.Source.Nodes.SelectMany(n => n.Operator.BitWeights).Distinct().Sum(w => (long)w.Shape[0] * w.BitsPerOutput),
            plan.Source.Nodes.SelectMany(n => n.Operator.FloatWeights).Distinct().Sum(w => (long)w.Values.Count),
            binary / pixels, fp32 / pixels, arena / pixels);
    }

    /// <summary>Binary and fp32 multiply-accumulates of one run, padded taps included.</summary>
    public static (long Binary, long Float) Macs(Plan plan, int height, int width)
    {
        Dictionary<string, int> sizes = Sizes(plan, height, width);
        ShapeTable shapes = ShapeInference.Infer(plan.Source).Value!;
        long binary = 0, fp32 = 0;
        foreach (Node node in plan.Source.Nodes)
        {
            TensorShape shape = shapes[node.Name];
            long macs = node.Operator.MacsPerOutput * shape.Channels * shape.Height.Evaluate(sizes) * shape.Width.Evaluate(sizes);
            if (node.Operator is BinaryConv2d) binary += macs;
            else fp32 += macs;
        }

        return (binary, fp32);
    }

    /// <summary>Bytes of ghosts that are read where the channels lie that they are made of, and so are never moved.</summary>
    public static long GhostBytesNotMoved(Plan plan, int height, int width) => GhostReads.BytesNotMoved(plan, Sizes(plan, height, width));

    // Free sizes in the order in which the inputs name them: the first is a height, the second a width.
    private static Dictionary<string, int> Sizes(Plan plan, int height, int width)
    {
        var sizes = new Dictionary<string, int>();
        foreach (GraphInput input in plan.Source.Inputs)
        {
            if (input.Shape.Height.FreeSymbol is { } h) sizes[h] = height;
            if (input.Shape.Width.FreeSymbol is { } w) sizes[w] = width;
        }

        return sizes;
    }
}
