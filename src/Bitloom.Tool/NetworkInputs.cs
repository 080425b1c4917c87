using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Tool;

/// <summary>Fits given tensors to a network's inputs.</summary>
internal static class NetworkInputs
{
    /// <summary>The size at which the network takes these tensors.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="tensors">Tensors by name; others than the inputs are ignored.</param>
    /// <param name="place">Where they come from, for messages.</param>
    /// <exception cref="BadInputException">An input is missing or has another shape.</exception>
    internal static ImageSize FindSize(NetworkGraph graph, IReadOnlyDictionary<string, Tensor> tensors, string place)
    {
        int height = 1, width = 1;
        foreach (GraphInput input in graph.Inputs)
        {
            if (!tensors.TryGetValue(input.Name, out Tensor? tensor))
                throw new BadInputException(place, $"no tensor '{input.Name}'", $"it must hold every input of the network ({string.Join(", ", graph.Inputs.Select(i => i.Name))})");
            if (input.Shape.Height is SymbolExtent) height = tensor.Height;
            if (input.Shape.Width is SymbolExtent) width = tensor.Width;
        }

        var size = new ImageSize(height, width);
        IReadOnlyDictionary<string, int> symbols = NetworkShapes.Symbols(size);
        foreach (GraphInput input in graph.Inputs)
        {
            Tensor tensor = tensors[input.Name];
            if (tensor.Channels != input.Shape.Channels || tensor.Height != input.Shape.Height.Evaluate(symbols) || tensor.Width != input.Shape.Width.Evaluate(symbols))
                throw new BadInputException(place, $"'{input.Name}' is {tensor}, but the network takes {input.Shape}", "give a tensor of that shape");
        }

        return size;
    }

    /// <summary>Inputs of uniform random values in 0..1 that depend on the seed alone.</summary>
    internal static Dictionary<string, Tensor> Random(NetworkGraph graph, ImageSize size, int seed)
    {
        var random = new Random(seed);
        IReadOnlyDictionary<string, int> symbols = NetworkShapes.Symbols(size);
        var tensors = new Dictionary<string, Tensor>();
        foreach (GraphInput input in graph.Inputs)
        {
            Tensor tensor = Tensor.Zeros(input.Shape.Channels, input.Shape.Height.Evaluate(symbols), input.Shape.Width.Evaluate(symbols));
            foreach (ref float value in tensor.Values.AsSpan()) value = random.NextSingle();
            tensors.Add(input.Name, tensor);
        }

        return tensors;
    }
}
