using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors.OperatorCodecs;

/// <summary>Pooling: <c>kernel</c> and window.</summary>
internal static class PoolingCodecs
{
    public static OperatorCodec AveragePool { get; } = OperatorCodec.Of<AveragePool>(
        node => new(node.Pair("kernel", 1), node.Window(), node.Integer("count_padding", 0, 1, 0) == 1),
        [
            OperatorProperty<AveragePool>.Pair("kernel", null, o => o.Kernel),
            .. OperatorProperty<AveragePool>.Window(o => o.Window),
            OperatorProperty<AveragePool>.Integer("count_padding", "0", o => o.CountsPadding ? 1 : 0),
        ]);

    public static OperatorCodec MaxPool { get; } = OperatorCodec.Of<MaxPool>(
        node => new(node.Pair("kernel", 1), node.Window()),
        [OperatorProperty<MaxPool>.Pair("kernel", null, o => o.Kernel), .. OperatorProperty<MaxPool>.Window(o => o.Window)]);

    public static OperatorCodec GlobalAveragePool { get; } = OperatorCodec.Of<GlobalAveragePool>(_ => new());
}
