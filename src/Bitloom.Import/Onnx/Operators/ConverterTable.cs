using Bitloom.Compiler.Diagnostics;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>All converters. A new family is one file in this folder and one line here.</summary>
internal static class ConverterTable
{
    private static readonly OperatorConverter[] Converters =
    [
        new ConvolutionConverter(),
        new LinearConverter(),
        new SignConverter(),
        new ArithmeticConverter(),
        new ActivationConverter(),
        new SmoothActivationConverter(),
        new NormalizationConverter(),
        new LayerNormConverter(),
        new PoolingConverter(),
        new ReductionConverter(),
        new ResizeConverter(),
        new PadConverter(),
        new SliceConverter(),
        new ChannelConverter(),
        new PixelShuffleConverter(),
        new ReshapeConverter(),
        new AxisConverter(),
        new ChoiceConverter(),
        new GateConverter(),
        new CastConverter(),
        new ShapeConverter(),
        new ExpandConverter(),
    ];

    // What users of these reach for instead; other names get the most similar one.
    private static readonly Dictionary<string, string> Nearest = new(StringComparer.Ordinal)
    {
        ["ConvTranspose"] = "Conv and DepthToSpace",
        ["LpPool"] = "AveragePool",
        ["InstanceNormalization"] = "BatchNormalization",
        ["GroupNormalization"] = "LayerNormalization over channels",
        ["Tanh"] = "Sigmoid",
        ["Elu"] = "LeakyRelu",
        ["Selu"] = "LeakyRelu",
        ["Mish"] = "HardSwish",
        ["Softplus"] = "Relu",
        ["Erf"] = "Gelu",
        ["SpaceToDepth"] = "Conv with a stride",
        ["GridSample"] = "Resize",
        ["Where"] = "Where of a comparison with 0, 1 and -1",
        ["Greater"] = "Where(x > 0, 1, -1)",
        ["GreaterOrEqual"] = "Where(x >= 0, 1, -1)",
        ["Less"] = "Where(x < 0, -1, 1)",
        ["LessOrEqual"] = "Where(x <= 0, -1, 1)",
        ["LSTM"] = "Conv",
        ["GRU"] = "Conv",
        ["If"] = "If by Less(ArgMax(scores), number), or a model exported without data-dependent branches",
        ["Loop"] = "a model exported without loops",
        ["QLinearConv"] = "Conv in full precision",
        ["ConvInteger"] = "Conv in full precision",
    };

    private static readonly Dictionary<string, OperatorConverter> ByOperator =
        Converters.SelectMany(c => c.Operators.Select(o => (o, c))).ToDictionary(p => p.o, p => p.c, StringComparer.Ordinal);

    /// <summary>The operators of each converter, for the page of what is supported.</summary>
    internal static IEnumerable<(string Converter, IReadOnlyList<string> Operators)> Families => Converters.Select(c => (c.GetType().Name, c.Operators));

    /// <summary>All operators over images that can be imported.</summary>
    internal static IEnumerable<string> Supported => ByOperator.Keys.Order(StringComparer.Ordinal);

    /// <summary>The converter of a node; null where none takes it.</summary>
    internal static OperatorConverter? Find(OnnxNode node) => node.Domain.Length == 0 ? ByOperator.GetValueOrDefault(node.Operator) : null;

    /// <summary>Why no converter takes a node, and what to use instead.</summary>
    internal static (string What, string Remedy) Explain(OnnxNode node)
    {
        if (node.Domain.Length > 0) return ($"is of the domain '{node.Domain}', of which nothing is supported", "export with the standard operators");
        string near = Nearest.GetValueOrDefault(node.Operator) ?? NearestName.Find(node.Operator, Supported) ?? $"one of {string.Join(", ", Supported)}";
        return ("this operator over images is not supported", $"the nearest that is: {near}");
    }
}
