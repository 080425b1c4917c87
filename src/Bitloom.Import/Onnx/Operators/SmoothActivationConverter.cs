using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>Sigmoid, HardSigmoid, HardSwish, Gelu; spellings in several nodes are joined by passes before.</summary>
internal sealed class SmoothActivationConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Sigmoid", "HardSigmoid", "HardSwish", "Gelu"];

    internal override void Convert(OnnxNode node, Conversion conversion) => conversion.Define(node, conversion.Append(
        node,
        node.Operator switch
        {
            "Sigmoid" => new Sigmoid(),
            "HardSwish" => new HardSwish(),
            "Gelu" => Exact(node),
            _ => FromHardSigmoid(node),
        },
        conversion.Pixels(node, 0)));

    private static Gelu Exact(OnnxNode node) => node.Text("approximate", "none") is "none" or ""
        ? new Gelu()
        : throw node.Refuse($"approximates by {node.Text("approximate", "")}", "the nearest that is supported: Gelu with approximate='none'");

    private static HardSigmoid FromHardSigmoid(OnnxNode node)
    {
        float scale = node.Real("alpha", 0.2f), bias = node.Real("beta", 0.5f);
        return float.IsFinite(scale) && float.IsFinite(bias) ? new HardSigmoid(scale, bias) : throw node.Refuse("its alpha or beta is not finite", "check the export");
    }
}
