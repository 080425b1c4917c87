using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Export.Operators;

/// <summary>BatchNorm, and LayerNorm from its parts: operator set 13 has none, and later ones only over the last dimensions.</summary>
internal sealed class NormalizationWriter : OperatorWriter
{
    internal override IReadOnlyList<Type> Operators => [typeof(BatchNorm), typeof(LayerNorm)];

    internal override void Write(NodeDraft draft)
    {
        if (draft.Node.Operator is BatchNorm norm)
            draft.Result("BatchNormalization", [draft.Input(), .. norm.FloatWeights.Select(draft.Constants.Vector)], Attributes.Real("epsilon", norm.Epsilon));
        else
            WriteLayerNorm(draft, (LayerNorm)draft.Node.Operator);
    }

    private static void WriteLayerNorm(NodeDraft draft, LayerNorm norm)
    {
        string centred = draft.Inner("centred", "Sub", [draft.Input(), Mean("mean", draft.Input())]);
        string variance = Mean("variance", draft.Inner("squared", "Pow", [centred, draft.Constants.Real(2)]));
        string deviation = draft.Inner("deviation", "Sqrt", [draft.Inner("positive", "Add", [variance, draft.Constants.Real(norm.Epsilon)])]);
        string scaled = draft.Inner("scaled", "Mul", [draft.Inner("normal", "Div", [centred, deviation]), draft.Constants.PerChannel(norm.Gamma)]);
        draft.Result("Add", [scaled, draft.Constants.PerChannel(norm.Beta)]);

        string Mean(string role, string value) => draft.Inner(role, "ReduceMean", [value], Attributes.Wholes("axes", 1), Attributes.Whole("keepdims", 1));
    }
}
