using Bitloom.Compiler;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx.Passes;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>A choice between branches by scores, which <see cref="FuseGatePass"/> has put together.</summary>
internal sealed class GateConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Gate"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        if (node.Inputs.Count < 3) throw node.Refuse("has no two branches", "export the model again");
        ImageValue[] inputs = [.. node.Inputs.Select((_, i) => conversion.Image(node, i))];
        IEnumerable<string> names = Enumerable.Range(0, inputs.Length - 1).Select(i => node.Text(FuseGatePass.BranchName(i), FormattableString.Invariant($"{i}")));
        conversion.Define(node, conversion.Append(node, new Gate(names.ToEquatableArray()), inputs));
    }
}
