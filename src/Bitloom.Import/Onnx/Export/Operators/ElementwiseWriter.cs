using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>Arithmetic and signs.</summary>
internal sealed class ElementwiseWriter : OperatorWriter
{
    internal override IReadOnlyList<Type> Operators => [typeof(Add), typeof(Subtract), typeof(Multiply), typeof(Scale), typeof(Affine), typeof(Sign)];

    internal override void Write(NodeDraft draft)
    {
        switch (draft.Node.Operator)
        {
            case Add:
                draft.Result("Add", draft.Inputs());
                break;
            case Subtract:
                draft.Result("Sub", draft.Inputs());
                break;
            case Multiply:
                draft.Result("Mul", draft.Inputs());
                break;
            case Scale scale:
                draft.Result("Mul", [draft.Input(), draft.Constants.Real(scale.Factor)]);
                break;
            case Affine affine:
                WriteAffine(draft, affine);
                break;
            default:
                WriteSign(draft);
                break;
        }
    }

    private static void WriteAffine(NodeDraft draft, Affine affine)
    {
        switch (affine)
        {
            case { Scale: { } scale, Bias: { } bias }:
                string scaled = draft.Inner("scaled", "Mul", [draft.Input(), draft.Constants.PerChannel(scale)]);
                draft.Result("Add", [scaled, draft.Constants.PerChannel(bias)]);
                break;
            case { Scale: { } scale }:
                draft.Result("Mul", [draft.Input(), draft.Constants.PerChannel(scale)]);
                break;
            case { Bias: { } bias }:
                draft.Result("Add", [draft.Input(), draft.Constants.PerChannel(bias)]);
                break;
            default:
                draft.Result("Identity", [draft.Input()]);
                break;
        }
    }

    // ONNX's Sign makes 0 of 0, which is no sign: a network whose activations are often exactly 0, as after a Relu, would change.
    private static void WriteSign(NodeDraft draft)
    {
        string isPositive = draft.Inner("positive", "GreaterOrEqual", [draft.Input(), draft.Constants.Real(0)]);
        draft.Result("Where", [isPositive, draft.Constants.Real(1), draft.Constants.Real(-1)]);
    }
}
