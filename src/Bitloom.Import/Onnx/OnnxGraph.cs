namespace Bitloom.Import.Onnx;

/// <summary>An ONNX graph after reading: constants apart, nodes in topological order, every value made once.</summary>
/// <param name="Opset">Version of the operators.</param>
/// <param name="Inputs">What the caller gives, without initialisers.</param>
/// <param name="Nodes">Everything but Constant nodes.</param>
/// <param name="Constants">Initialisers and Constant nodes by value name.</param>
/// <param name="Outputs">What the caller receives.</param>
internal sealed record OnnxGraph(
    int Opset,
    IReadOnlyList<OnnxInput> Inputs,
    IReadOnlyList<OnnxNode> Nodes,
    IReadOnlyDictionary<string, OnnxValue> Constants,
    IReadOnlyList<OnnxOutput> Outputs)
{
    /// <summary>The node that makes each value.</summary>
    internal Dictionary<string, OnnxNode> Makers()
    {
        var makers = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        foreach (OnnxNode node in Nodes)
            foreach (string output in node.Outputs)
                if (output.Length > 0) makers[output] = node;
        return makers;
    }
}

/// <summary>An input with its sizes: a number, or the name of a free size (empty where the file gives neither).</summary>
internal sealed record OnnxInput(string Name, IReadOnlyList<(int? Size, string Symbol)> Dims);

/// <summary>An output: its name towards the caller, and the value that it is.</summary>
internal sealed record OnnxOutput(string Name, string Value);

/// <summary>One operator applied to named values. An empty input name is an operand left out.</summary>
internal sealed record OnnxNode(
    string Name, string Operator, string Domain,
    IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, OnnxAttribute> Attributes)
{
    internal long Integer(string attribute, long absent) => Attributes.TryGetValue(attribute, out OnnxAttribute? value) ? value.Integer : absent;

    internal float Real(string attribute, float absent) => Attributes.TryGetValue(attribute, out OnnxAttribute? value) ? value.Real : absent;

    internal string Text(string attribute, string absent) => Attributes.TryGetValue(attribute, out OnnxAttribute? value) ? value.Text : absent;

    internal IReadOnlyList<long>? Integers(string attribute) => Attributes.TryGetValue(attribute, out OnnxAttribute? value) ? value.Integers : null;

    /// <summary>Input <paramref name="index"/>, or null where it is left out.</summary>
    internal string? Input(int index) => index < Inputs.Count && Inputs[index].Length > 0 ? Inputs[index] : null;

    /// <summary>A refusal of this node: what is wrong and what to do.</summary>
    internal ImportException Refuse(string what, string remedy) => new($"node '{Name}' ({Operator}): {what}; {remedy}");
}

/// <summary>An attribute; the field that its operator reads is set, the others are empty.</summary>
internal sealed record OnnxAttribute(long Integer, float Real, string Text, IReadOnlyList<long> Integers, OnnxValue? Tensor)
{
    /// <summary>Equal texts for equal attributes (tensors aside).</summary>
    internal string Key => FormattableString.Invariant($"{Integer}|{Real:R}|{Text}|{string.Join(',', Integers)}");
}
