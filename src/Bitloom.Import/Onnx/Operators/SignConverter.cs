using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx.Passes;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// Sign. ONNX maps 0 to 0, Bitloom to +1: what a sign makes of 0 is kept where exact zeros are asked for, or where the file spells it by
/// a comparison (<see cref="FuseSignPass"/>). A sign of a sign is the sign.
/// </summary>
internal sealed class SignConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Sign"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Pixels(node, 0);
        SignForm form = node.Integer(FuseSignPass.AtZero, 0) switch
        {
            > 0 => SignForm.Plus,
            < 0 => SignForm.Minus,
            _ => conversion.KeepsZeros ? SignForm.Zero : SignForm.Plus,
        };
        if (conversion.SignOf(input.Tensor) is { } known)
        {
            if (known == SignForm.Zero && form != SignForm.Zero) throw node.Refuse("it takes the sign of signs that may be 0", "take the sign of what is before them");
            conversion.Define(node, input);
            return;
        }

        if (form == SignForm.Minus) input = conversion.AppendNamed(node, node.Name + ".negative", new Scale(-1), input);
        conversion.Define(node, conversion.AppendSign(node, form, input));
    }
}
