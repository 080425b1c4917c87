using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx;

/// <summary>Which heights and widths a network of free size takes, in words.</summary>
internal static class SizeLimits
{
    // Networks need more rows than this only where they pad or cut by more, which descriptors bound.
    private const int Farthest = 4096;

    /// <summary>One sentence for the multiples and one for the least size; none where every size will do.</summary>
    internal static IEnumerable<string> Describe(NetworkGraph network, ShapeTable shapes)
    {
        SymbolExtent[] free = [.. network.Inputs.SelectMany(i => new[] { i.Shape.Height, i.Shape.Width }).OfType<SymbolExtent>().Distinct()];
        if (free.FirstOrDefault(s => s.Multiple > 1) is { } multiple)
            yield return string.Create(CultureInfo.InvariantCulture, $"{string.Join(" and ", free.Select(s => s.Name))} must be multiples of {multiple.Multiple}");
        foreach (SymbolExtent symbol in free)
        {
            if (Least(network, shapes, symbol) is var least && least > symbol.Multiple)
                yield return string.Create(CultureInfo.InvariantCulture, $"{symbol.Name} must be at least {least}");
        }
    }

    private static int Least(NetworkGraph network, ShapeTable shapes, SymbolExtent symbol)
    {
        List<Func<Dictionary<string, int>, bool>> rules = [.. Rules(network, shapes, symbol.Name)];
        int least = symbol.Multiple, most = Farthest / symbol.Multiple * symbol.Multiple;

        // Not every rule that holds at a size holds at the next, so the last one that breaks counts.
        for (int size = most; size >= symbol.Multiple; size -= symbol.Multiple)
        {
            var sizes = new Dictionary<string, int> { [symbol.Name] = size };
            if (!rules.TrueForAll(r => r(sizes))) return size + symbol.Multiple;
        }

        return least;
    }

    // Every image has a pixel, and reflection has one more than it adds.
    private static IEnumerable<Func<Dictionary<string, int>, bool>> Rules(NetworkGraph network, ShapeTable shapes, string symbol)
    {
        var extents = new HashSet<Extent>();
        foreach (Node node in network.Nodes)
        {
            foreach (Extent extent in new[] { shapes[node.Name].Height, shapes[node.Name].Width })
                if (extent.FreeSymbol == symbol) extents.Add(extent);
            TensorShape from = shapes[node.Inputs[0]], to = shapes[node.Name];
            (int rows, int columns) = node.Operator is Pad { Mode: PadMode.Reflect } pad ? (Math.Max(pad.Top, pad.Bottom), Math.Max(pad.Left, pad.Right)) : (0, 0);
            bool fills = node.Operator is PadToMultiple { Mode: PadMode.Reflect };
            if ((rows > 0 || fills) && from.Height.FreeSymbol == symbol) yield return s => from.Height.Evaluate(s) is var size && size > (fills ? to.Height.Evaluate(s) - size : rows);
            if ((columns > 0 || fills) && from.Width.FreeSymbol == symbol) yield return s => from.Width.Evaluate(s) is var size && size > (fills ? to.Width.Evaluate(s) - size : columns);
        }

        foreach (Extent extent in extents) yield return s => extent.Evaluate(s) >= 1;
    }
}
