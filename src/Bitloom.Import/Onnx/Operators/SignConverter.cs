namespace Bitloom.Import.Onnx.Operators;

/// <summary>Sign. ONNX maps 0 to 0, Bitloom to +1; a sign of a sign is the sign.</summary>
internal sealed class SignConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Sign"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Pixels(node, 0);
        conversion.Define(node, conversion.IsSign(input.Tensor) ? input : conversion.Append(node, new Compiler.Operators.Sign(), input));
    }
}
