using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx.Protobuf;

namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>Activation functions; those that operator set 13 lacks from their parts.</summary>
internal sealed class ActivationWriter : OperatorWriter
{
    internal override IReadOnlyList<Type> Operators =>
        [typeof(Relu), typeof(LeakyRelu), typeof(PRelu), typeof(RPRelu), typeof(Clip), typeof(Sigmoid), typeof(HardSigmoid), typeof(HardSwish), typeof(Gelu)];

    internal override void Write(NodeDraft draft)
    {
        string input = draft.Input();
        switch (draft.Node.Operator)
        {
            case LeakyRelu leaky:
                draft.Result("LeakyRelu", [input], Attributes.Real("alpha", leaky.Slope));
                break;
            case PRelu parametric:
                draft.Result("PRelu", [input, draft.Constants.PerChannel(parametric.Slope)]);
                break;
            case RPRelu shifted:
                string moved = draft.Inner("shifted", "Add", [input, draft.Constants.PerChannel(shifted.Shift)]);
                string bent = draft.Inner("bent", "PRelu", [moved, draft.Constants.PerChannel(shifted.Slope)]);
                draft.Result("Add", [bent, draft.Constants.PerChannel(shifted.Offset)]);
                break;
            case Clip clip:
                draft.Result("Clip", [input, draft.Constants.Real(clip.Least), draft.Constants.Real(clip.Most)]);
                break;
            case HardSigmoid hard:
                draft.Result("HardSigmoid", [input], Ramp(hard.Scale, hard.Bias));
                break;
            case HardSwish:
                draft.Result("Mul", [input, draft.Inner("ramp", "HardSigmoid", [input], Ramp(1f / 6, 0.5f))]);
                break;
            case Gelu:
                WriteGelu(draft, input);
                break;
            default:
                // Relu and Sigmoid are called the same in ONNX.
                draft.Result(draft.Node.Operator.Kind, [input]);
                break;
        }
    }

    private static AttributeProto[] Ramp(float scale, float bias) => [Attributes.Real("alpha", scale), Attributes.Real("beta", bias)];

    // The form that PyTorch exports, which engines know and join.
    private static void WriteGelu(NodeDraft draft, string input)
    {
        string scaled = draft.Inner("scaled", "Div", [input, draft.Constants.Real(MathF.Sqrt(2))]);
        string share = draft.Inner("share", "Add", [draft.Inner("erf", "Erf", [scaled]), draft.Constants.Real(1)]);
        draft.Result("Mul", [draft.Inner("twice", "Mul", [input, share]), draft.Constants.Real(0.5f)]);
    }
}
