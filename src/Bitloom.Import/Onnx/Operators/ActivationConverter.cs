using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>Relu, LeakyRelu, PRelu, and Clip where it is a Relu. Clips of surrogates are gone by now.</summary>
internal sealed class ActivationConverter : OperatorConverter
{
    // ONNX's default slope.
    private const float LeakySlope = 0.01f;

    internal override IReadOnlyList<string> Operators => ["Relu", "LeakyRelu", "PRelu", "Clip"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Image(node, 0);
        Operator @operator = node.Operator switch
        {
            "Relu" => new Relu(),
            "LeakyRelu" => new LeakyRelu(Finite(node, node.Real("alpha", LeakySlope))),
            "PRelu" => new PRelu(conversion.Vector(node, conversion.WeightName(node, 1, "slope"), ChannelConstant.Read(node, conversion, 1, input))),
            _ => FromClip(node, conversion),
        };
        conversion.Define(node, conversion.Append(node, @operator, input));
    }

    private static Relu FromClip(OnnxNode node, Conversion conversion)
    {
        float least = node.Input(1) is null ? node.Real("min", float.NegativeInfinity) : conversion.Constant(node, 1).Items.FirstOrDefault();
        float most = node.Input(2) is null ? node.Real("max", float.PositiveInfinity) : conversion.Constant(node, 2).Items.FirstOrDefault();
        return least == 0 && most >= float.MaxValue
            ? new Relu()
            : throw node.Refuse(FormattableString.Invariant($"clips to {least}..{most} outside of a straight-through estimator"), "the nearest that is supported: Relu");
    }

    private static float Finite(OnnxNode node, float slope) => float.IsFinite(slope) ? slope : throw node.Refuse("its slope is not finite", "check the export");
}
