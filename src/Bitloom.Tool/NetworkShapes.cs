using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Tool;

/// <summary>Shapes of a network's tensors, for questions that need no compilation: work, memory, and what a size would mean.</summary>
internal sealed class NetworkShapes
{
    private readonly Dictionary<string, TensorShape> _shapes = [];
    private readonly NetworkGraph _graph;

    /// <summary>Infers the shapes of a valid graph.</summary>
    /// <exception cref="BadInputException">Shapes do not fit an operator.</exception>
    internal NetworkShapes(NetworkGraph graph)
    {
        _graph = graph;
        foreach (GraphInput input in graph.Inputs) _shapes[input.Name] = input.Shape;
        foreach (Node node in graph.Nodes)
        {
            InferredShape inferred = node.Operator.InferShape([.. node.Inputs.Select(name => _shapes[name])]);
            _shapes[node.Name] = inferred.Shape ?? throw new BadInputException($"node '{node.Name}'", inferred.Error!);
        }
    }

    /// <summary>The shape of an input's or a node's tensor.</summary>
    internal TensorShape this[string tensor] => _shapes[tensor];

    /// <summary>True where an input or a node is called <paramref name="tensor"/>.</summary>
    internal bool Contains(string tensor) => _shapes.ContainsKey(tensor);

    /// <summary>True where the caller chooses height or width.</summary>
    internal bool HasFreeSize => _graph.Inputs.Any(i => i.Shape.Height.FreeSymbol is not null || i.Shape.Width.FreeSymbol is not null);

    /// <summary>Values of a tensor at a size.</summary>
    internal long Count(string tensor, ImageSize size) => Count(_shapes[tensor], size);

    /// <summary>Multiply-accumulates of one run.</summary>
    /// <param name="size">Height and width of the free sizes.</param>
    /// <param name="binary">True to count binary convolutions, false to count fp32 ones.</param>
    internal long CountMacs(ImageSize size, bool binary) =>
        _graph.Nodes.Where(n => n.Operator is BinaryConv2d == binary).Sum(n => n.Operator.MacsPerOutput * Count(n.Name, size));

    /// <summary>Refuses a size at which a tensor would vanish or could not be held.</summary>
    /// <exception cref="BadInputException">It is too small or too large.</exception>
    internal void CheckSize(string place, ImageSize size)
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        foreach ((string name, TensorShape shape) in _shapes)
        {
            (long height, long width) = (Extents(shape.Height, size), Extents(shape.Width, size));
            if (height < 1 || width < 1)
                throw new BadInputException(place, $"{size} is too small: '{name}' would have {height} rows of {width} pixels", "choose a larger one");
            if (Count(shape, size) > int.MaxValue || Count(shape, size) * sizeof(float) > available / 2)
                throw new BadInputException(place, $"{size} is too large: '{name}' alone would take {Count(shape, size) * sizeof(float) >> 20:N0} MiB of the {available >> 20:N0} MiB here", "choose a smaller one");
        }
    }

    /// <summary>The values that free sizes have at a size, for <see cref="Extent.Evaluate"/>.</summary>
    internal static IReadOnlyDictionary<string, int> Symbols(ImageSize size) =>
        new Dictionary<string, int> { ["height"] = size.Height, ["width"] = size.Width };

    private static long Count(TensorShape shape, ImageSize size) => shape.Channels * Extents(shape.Height, size) * Extents(shape.Width, size);

    private static long Extents(Extent extent, ImageSize size) => extent.Evaluate(Symbols(size));
}
