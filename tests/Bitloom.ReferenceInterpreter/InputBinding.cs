using Bitloom.Compiler.Graph;

namespace Bitloom.ReferenceInterpreter;

/// <summary>Checks given tensors against a network's declared inputs, finding the values of free sizes on the way.</summary>
public static class InputBinding
{
    /// <summary>The values of the free sizes, e.g. <c>height</c> and <c>width</c>, that <paramref name="inputs"/> imply.</summary>
    /// <exception cref="ArgumentException">An input is missing, unknown, or of a size that the network cannot take.</exception>
    public static IReadOnlyDictionary<string, int> Check(NetworkGraph graph, IReadOnlyDictionary<string, Tensor> inputs)
    {
        string names = string.Join(", ", graph.Inputs.Select(i => $"'{i.Name}'"));
        if (inputs.Keys.FirstOrDefault(name => graph.Inputs.All(i => i.Name != name)) is { } unknown)
            throw new ArgumentException($"'{graph.Name}' has no input '{unknown}': it reads {names}.", nameof(inputs));
        if (graph.Inputs.FirstOrDefault(i => !inputs.ContainsKey(i.Name)) is { } missing)
            throw new ArgumentException($"Input '{missing.Name}' of '{graph.Name}' is not given: it reads {names}.", nameof(inputs));

        var sizes = new Dictionary<string, int>();
        foreach (GraphInput input in graph.Inputs)
        {
            if (input.Shape.Height is SymbolExtent height) sizes.TryAdd(height.Name, inputs[input.Name].Height);
            if (input.Shape.Width is SymbolExtent width) sizes.TryAdd(width.Name, inputs[input.Name].Width);
        }

        foreach (GraphInput input in graph.Inputs)
        {
            Tensor given = inputs[input.Name];
            var expected = (input.Shape.Channels, Evaluate(input.Shape.Height, input.Name, sizes), Evaluate(input.Shape.Width, input.Name, sizes));
            if (expected != (given.Channels, given.Height, given.Width))
                throw new ArgumentException($"Input '{input.Name}' of '{graph.Name}' is {given}, expected {expected.Item1} x {expected.Item2} x {expected.Item3} ({input.Shape}).", nameof(inputs));
        }

        return sizes;
    }

    private static int Evaluate(Extent extent, string input, Dictionary<string, int> sizes) =>
        extent.FreeSymbol is { } symbol && !sizes.ContainsKey(symbol)
            ? throw new InvalidOperationException($"The size of input '{input}' depends on '{symbol}', which is no input's own height or width.")
            : extent.Evaluate(sizes);
}
