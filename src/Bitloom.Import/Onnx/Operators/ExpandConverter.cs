using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Expand of a constant, as <c>bias.expand_as(x)</c> exports: the constant stays unexpanded, for whatever reads it repeats it over the
/// image anyway. An image expanded to its own size is itself.
/// <code>
///   before   x -> Shape -> Expand(bias of 1 x C x 1 x 1) -> e,   Add(x, e)
///   after    Add(x, bias)
/// </code>
/// </summary>
internal sealed class ExpandConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Expand"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        if (conversion.Value(node, 1) is not IntegerValue { Grid.Items: var sizes }) throw node.Refuse("the size that it expands to is not known", "export with a fixed size");
        OnnxValue? value = conversion.Value(node, 0);
        Extent[] dims = value switch
        {
            FloatValue real => [.. real.Grid.Dims.Select(Extent.Constant)],
            ImageValue image => image.Dims,
            _ => throw node.Refuse("only constants can be expanded", "export with a fixed size"),
        };
        Extent one = Extent.Constant(1);
        bool fits = dims.Length <= sizes.Length && dims.Reverse().Zip(sizes.Reverse()).All(p => p.Second == one || conversion.IsSize(p.Second, p.First) || conversion.IsSize(p.First, p.Second) || (value is FloatValue && p.First == one));
        conversion.Define(node, fits && value is not null ? value : throw node.Refuse("its input does not fit the size that it expands to", "give one value a channel, [1, channels, 1, 1]"));
    }
}
