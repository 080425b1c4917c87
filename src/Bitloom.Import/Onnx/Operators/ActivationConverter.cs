using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>Rectifiers, and Clip, which is ReLU or ReLU6 outside of surrogates; those are gone by now.</summary>
internal sealed class ActivationConverter : OperatorConverter
{
    // ONNX's default slope.
    private const float LeakySlope = 0.01f;

    internal override IReadOnlyList<string> Operators => ["Relu", "LeakyRelu", "PRelu", "Clip"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Pixels(node, 0);
        Operator @operator = node.Operator switch
        {
            "Relu" => new Relu(),
            "LeakyRelu" => new LeakyRelu(Finite(node, node.Real("alpha", LeakySlope))),
            "PRelu" => new PRelu(conversion.Vector(node, conversion.WeightName(node, 1, "slope"), ChannelConstant.Read(node, conversion, 1, input))),
            _ => FromClip(node, conversion),
        };
        conversion.Define(node, conversion.Append(node, @operator, input));
    }

    // Bounds are attributes up to operator set 10 and inputs after; the largest numbers stand for none.
    private static Operator FromClip(OnnxNode node, Conversion conversion)
    {
        float least = Bound(node, conversion, 1, "min", -float.MaxValue), most = Bound(node, conversion, 2, "max", float.MaxValue);
        if (!(least <= most)) throw node.Refuse(FormattableString.Invariant($"clips to {least}..{most}"), "the least value must not be larger than the most");
        return least == 0 && most == float.MaxValue ? new Relu() : new Clip(least, most);
    }

    private static float Bound(OnnxNode node, Conversion conversion, int index, string attribute, float absent)
    {
        if (node.Input(index) is null) return Math.Clamp(node.Real(attribute, absent), -float.MaxValue, float.MaxValue);
        return conversion.Constant(node, index).Items is [var bound] ? Math.Clamp(bound, -float.MaxValue, float.MaxValue) : throw node.Refuse($"its {attribute} is not one number", "export the model again");
    }

    private static float Finite(OnnxNode node, float slope) => float.IsFinite(slope) ? slope : throw node.Refuse("its slope is not finite", "check the export");
}
