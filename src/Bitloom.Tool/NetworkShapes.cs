using Bitloom.Compiler.Graph;

namespace Bitloom.Tool;

/// <summary>Shapes of a network's tensors, for questions that need no compilation: work, memory, and what a size would mean.</summary>
internal sealed class NetworkShapes
{
    private readonly NetworkGraph _graph;
    private readonly ShapeTable _shapes;
    private readonly string[] _tensors;

    /// <summary>Infers the shapes of a graph that a descriptor reader has checked.</summary>
    internal NetworkShapes(NetworkGraph graph)
    {
        _graph = graph;
        _shapes = ShapeInference.Infer(graph).Value ?? throw new InvalidOperationException("The graph was not checked before.");
        _tensors = [.. graph.Inputs.Select(i => i.Name), .. graph.Nodes.Select(n => n.Name)];
    }

    /// <summary>The shape of an input's or a node's tensor.</summary>
    internal TensorShape this[string tensor] => _shapes[tensor];

    /// <summary>True where an input or a node is called <paramref name="tensor"/>.</summary>
    internal bool Contains(string tensor) => _shapes.TryGetShape(tensor, out _);

    /// <summary>The size of the first input that <c>--size</c> asks for, or a default where the option is absent.</summary>
    /// <param name="option">What was given, or null.</param>
    /// <param name="standard">The default for free sizes; what the network fixes, it fixes.</param>
    /// <exception cref="BadInputException">The size is malformed, out of range, or not the one that the network fixes.</exception>
    internal ImageSize ChooseSize(string? option, string standard)
    {
        var asked = ImageSize.Parse(option ?? standard);
        IReadOnlyDictionary<string, int> symbols = Symbols(asked);
        TensorShape input = _graph.Inputs[0].Shape;
        var taken = new ImageSize(input.Height.Evaluate(symbols), input.Width.Evaluate(symbols));
        if (option is not null && taken != asked)
            throw new BadInputException("--size", $"the network does not take {asked}, its input is fixed", $"give {taken} or leave --size out");
        CheckSize("--size", taken);
        return taken;
    }

    /// <summary>Values of a tensor at a size.</summary>
    internal long Count(string tensor, ImageSize size) => Measure(tensor, size).Bytes / sizeof(float);

    /// <summary>Refuses a size at which a tensor would vanish or could not be held.</summary>
    /// <exception cref="BadInputException">It is too small or too large.</exception>
    internal void CheckSize(string place, ImageSize size)
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        foreach (string name in _tensors)
        {
            (long height, long width, long bytes) = Measure(name, size);
            if (height < 1 || width < 1)
                throw new BadInputException(place, $"{size} is too small: '{name}' would have {height} rows of {width} pixels", "choose a larger one");
            if (bytes > sizeof(float) * (long)int.MaxValue || bytes > available / 2)
                throw new BadInputException(place, $"{size} is too large: '{name}' alone would take {bytes >> 20} MiB of the {available >> 20} MiB here", "choose a smaller one");
        }
    }

    /// <summary>Refuses a size at which tensors could not be held all at once.</summary>
    /// <exception cref="BadInputException">It is too large.</exception>
    internal void CheckTogether(string place, ImageSize size, IEnumerable<string> tensors)
    {
        (long bytes, long available) = (Bytes(size, tensors), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (bytes > available / 2)
            throw new BadInputException(place, $"{size} is too large: its tensors together would take {bytes >> 20} MiB of the {available >> 20} MiB here", "choose a smaller one");
    }

    /// <summary>What tensors take together.</summary>
    internal long Bytes(ImageSize size, IEnumerable<string> tensors) =>
        tensors.Sum(t => Math.Min(Measure(t, size).Bytes, long.MaxValue >> 20));

    /// <summary>The values that free sizes have at a size, for <see cref="Extent.Evaluate"/>.</summary>
    internal static IReadOnlyDictionary<string, int> Symbols(ImageSize size) =>
        new Dictionary<string, int> { ["height"] = size.Height, ["width"] = size.Width };

    // Sizes whose products overflow are beyond any memory too, so they count as the largest.
    private (long Height, long Width, long Bytes) Measure(string tensor, ImageSize size)
    {
        TensorShape shape = _shapes[tensor];
        try
        {
            IReadOnlyDictionary<string, int> symbols = Symbols(size);
            long height = shape.Height.Evaluate(symbols), width = shape.Width.Evaluate(symbols);
            return (height, width, checked(sizeof(float) * shape.Channels * height * width));
        }
        catch (OverflowException)
        {
            return (int.MaxValue, int.MaxValue, long.MaxValue);
        }
    }
}
