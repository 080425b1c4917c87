namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Cast of an image: nothing, for every number of a network is fp32. To whole numbers only where the values are whole already.
/// </summary>
internal sealed class CastConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Cast"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Pixels(node, 0);

        // Float, float16, double and bfloat16; int32 and int64.
        bool isReal = node.Integer("to", 0) is 1 or 10 or 11 or 16, isWhole = node.Integer("to", 0) is 6 or 7;
        if (!isReal && !(isWhole && conversion.IsWhole(input.Tensor))) throw node.Refuse("it rounds an image", "the nearest that is supported: a Cast to a floating type");
        conversion.Define(node, input);
    }
}
