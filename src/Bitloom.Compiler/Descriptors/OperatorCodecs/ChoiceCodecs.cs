using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors.OperatorCodecs;

/// <summary>Operators over scores: gates and what leads to them.</summary>
internal static class ChoiceCodecs
{
    public static OperatorCodec ArgMax { get; } = OperatorCodec.Of<ArgMax>(_ => new());

    public static OperatorCodec Softmax { get; } = OperatorCodec.Of<Softmax>(_ => new());

    public static OperatorCodec Gate { get; } = OperatorCodec.Of<Gate>(
        node => new(node.Names("branches", Operators.Gate.MostBranches)),
        OperatorProperty<Gate>.Names("branches", o => o.Branches));
}
