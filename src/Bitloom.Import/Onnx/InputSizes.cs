using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx;

/// <summary>The inputs of the network that is built, and the size at which the file was exported.</summary>
/// <param name="Inputs">Inputs with constant or free height and width.</param>
/// <param name="Exported">Values of <c>height</c> and <c>width</c> in the export, where it fixes them.</param>
internal sealed record InputSizes(IReadOnlyList<GraphInput> Inputs, IReadOnlyDictionary<string, int> Exported)
{
    private const string Remedy = "export with example inputs of 1 x channels x height x width";

    /// <summary>True where the file leaves a height or width free.</summary>
    internal static bool IsFree(OnnxGraph graph) => graph.Inputs.Any(i => i.Dims.Count == 4 && (i.Dims[2].Size is null || i.Dims[3].Size is null));

    /// <summary>Height and width become free multiples of <paramref name="multiple"/>, whatever the file says.</summary>
    /// <exception cref="ImportException">An input is no image, or inputs differ in size.</exception>
    internal static InputSizes Free(OnnxGraph graph, int multiple = 1)
    {
        Check(graph);
        OnnxInput first = graph.Inputs[0];
        if (graph.Inputs.FirstOrDefault(i => i.Dims[2] != first.Dims[2] || i.Dims[3] != first.Dims[3]) is { } other)
            throw new ImportException($"input '{other.Name}': its size is not that of '{first.Name}'; export with equal sizes, or fixed ones");
        var exported = new Dictionary<string, int>(StringComparer.Ordinal);
        if (first.Dims[2].Size is { } height) exported.Add("height", height);
        if (first.Dims[3].Size is { } width) exported.Add("width", width);
        return new InputSizes([.. graph.Inputs.Select(i => Input(i, Extent.Symbol("height", multiple), Extent.Symbol("width", multiple)))], exported);
    }

    /// <summary>Height and width stay as in the file, which gives both.</summary>
    /// <exception cref="ImportException">An input is no image or has a free size.</exception>
    internal static InputSizes Fixed(OnnxGraph graph)
    {
        Check(graph);
        if (IsFree(graph)) throw new ImportException("has free sizes, which cannot be kept fixed; import without --fixed, or export with a fixed size");
        return new InputSizes([.. graph.Inputs.Select(i => Input(i, Extent.Constant(i.Dims[2].Size ?? 1), Extent.Constant(i.Dims[3].Size ?? 1)))], new Dictionary<string, int>());
    }

    private static GraphInput Input(OnnxInput input, Extent height, Extent width) =>
        new(input.Name, new TensorShape(input.Dims[1].Size ?? 1, height, width), SourceLocation.None);

    private static void Check(OnnxGraph graph)
    {
        if (graph.Inputs.Count == 0) throw new ImportException($"the graph has no input; {Remedy}");
        foreach (OnnxInput input in graph.Inputs)
        {
            if (input.Dims.Count != 4) throw new ImportException(FormattableString.Invariant($"input '{input.Name}': has {input.Dims.Count} dimensions; {Remedy}"));
            if (input.Dims[0].Size is not (null or 1)) throw new ImportException(FormattableString.Invariant($"input '{input.Name}': has a batch of {input.Dims[0].Size}; {Remedy}"));
            if (input.Dims[1].Size is null) throw new ImportException($"input '{input.Name}': its number of channels is free; {Remedy}");
            if (input.Dims[1].Size > DescriptorLimits.Channels || input.Dims[2].Size > DescriptorLimits.Size || input.Dims[3].Size > DescriptorLimits.Size)
                throw new ImportException(FormattableString.Invariant($"input '{input.Name}': is {input.Dims[1].Size} x {input.Dims[2].Size} x {input.Dims[3].Size}; {DescriptorLimits.Channels} channels and {DescriptorLimits.Size} rows or columns are possible"));
        }
    }
}
