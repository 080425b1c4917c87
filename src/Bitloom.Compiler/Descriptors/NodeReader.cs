using Bitloom.Compiler.Descriptors.Syntax;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors;

/// <summary>Reads one node: its name, its inputs and, by the codec of its operator, everything else.</summary>
internal static class NodeReader
{
    private static readonly string[] Common = ["name", "op", "inputs"];

    /// <summary>A node, or null; its name, where it has one, goes into <paramref name="omitted"/> then.</summary>
    public static Node? Read(JsonValue element, WeightTable weights, HashSet<string> omitted, DiagnosticBag diagnostics)
    {
        if (ObjectReader.Open(element, "a node", diagnostics) is not { } node) return null;
        string? name = node.Name("name", "the name of the node and of the tensor that it makes"), kind = node.Name("op", "the operator");
        EquatableArray<string>? inputs = ReadInputs(node);
        OperatorCodec? codec = kind is null ? null : FindCodec(node, kind);
        if (codec is not null) node.RejectUnknown([.. Common, .. codec.Properties.Select(p => p.Name)]);
        Operator? @operator = codec?.Read(new OperatorPropertyReader(node, weights));
        if (!node.Failed) return new Node(name!, @operator!, inputs!.Value, node.Location);
        if (name is not null) omitted.Add(name);
        return null;
    }

    private static OperatorCodec? FindCodec(ObjectReader node, string kind)
    {
        if (DescriptorOperators.Find(kind) is { } codec) return codec;
        string[] supported = [.. DescriptorOperators.All.Select(o => o.Kind)];
        string suggestion = node.Suggest(kind, supported);
        string remedy = suggestion.Length > 0 ? suggestion : ": the operators are " + string.Join(", ", supported);
        node.Fail(BloomRules.UnknownOperator, node.At(node.Find("op")!), $"the operator {Quoted.Name(kind)} is not supported{remedy}");
        return null;
    }

    private static EquatableArray<string>? ReadInputs(ObjectReader node)
    {
        if (node.Items("inputs", "names of inputs and earlier nodes") is not { } items) return null;
        string?[] names = [.. items.Take(DescriptorLimits.Endpoints + 1).Select(i => node.NameOf(i, "an input"))];
        return names.Contains(null) ? null : names.Select(n => n!).ToEquatableArray();
    }
}
