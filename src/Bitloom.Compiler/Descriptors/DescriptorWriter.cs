using System.Text;
using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Descriptors;

/// <summary>
/// Writes a network as <c>.bloom</c> text in its canonical form: two spaces of indentation, one node and one weight a line,
/// properties that have their default left out, <c>\n</c> line ends; the same bytes on every run, framework and culture.
/// </summary>
public static class DescriptorWriter
{
    /// <summary>The descriptor, ending with a line end. Reading it gives the same network (but for locations).</summary>
    /// <exception cref="ArgumentException">
    /// The graph has no form in a descriptor: an operator of a later stage, a number that is not finite, two weights of one name, an
    /// input whose size is computed, a name with half a character.
    /// </exception>
    public static string Write(NetworkGraph graph)
    {
        var weights = WeightList.Of(graph);
        var text = new StringBuilder();
        text.Append("{\n");
        text.Append("  \"bloom\": ").Append(JsonText.Integer(DescriptorReader.Version)).Append(",\n");
        text.Append("  \"name\": ").Append(JsonText.String(graph.Name)).Append(",\n");
        if (graph.Description.Length > 0) text.Append("  \"description\": ").Append(JsonText.String(graph.Description)).Append(",\n");
        text.Append("  \"hash\": ").Append(JsonText.String(DescriptorHash.Compute(graph))).Append(",\n");
        AppendBody(text, graph, weights, withData: true);
        return text.Append("}\n").ToString();
    }

    /// <summary>The text that the hash covers: no description, hash or weight data.</summary>
    internal static string WriteStructure(NetworkGraph graph, WeightList weights)
    {
        var text = new StringBuilder();
        text.Append("{\n");
        text.Append("  \"bloom\": ").Append(JsonText.Integer(DescriptorReader.Version)).Append(",\n");
        text.Append("  \"name\": ").Append(JsonText.String(graph.Name)).Append(",\n");
        AppendBody(text, graph, weights, withData: false);
        return text.Append("}\n").ToString();
    }

    private static void AppendBody(StringBuilder text, NetworkGraph graph, WeightList weights, bool withData)
    {
        AppendList(text, "inputs", graph.Inputs, AppendInput, isLast: false);
        AppendList(text, "outputs", graph.Outputs, AppendOutput, isLast: false);
        AppendList(text, "nodes", graph.Nodes, AppendNode, isLast: false);
        AppendList(text, "weights", weights.Items, (line, weight) => AppendWeight(line, weight, withData), isLast: true);
    }

    private static void AppendList<T>(StringBuilder text, string name, IReadOnlyList<T> items, Action<StringBuilder, T> append, bool isLast)
    {
        text.Append("  \"").Append(name).Append("\": [");
        for (int i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "\n    { " : ",\n    { ");
            append(text, items[i]);
            text.Append(" }");
        }

        text.Append(items.Count == 0 ? "]" : "\n  ]").Append(isLast ? "\n" : ",\n");
    }

    private static void AppendInput(StringBuilder text, GraphInput input)
    {
        Append(text, "name", JsonText.String(input.Name)).Append(", ");
        Append(text, "channels", JsonText.Integer(input.Shape.Channels)).Append(", ");
        Append(text, "height", ExtentText(input, input.Shape.Height)).Append(", ");
        Append(text, "width", ExtentText(input, input.Shape.Width));
        int vertical = MultipleOf(input.Shape.Height), horizontal = MultipleOf(input.Shape.Width);
        if ((vertical, horizontal) != (1, 1)) Append(text.Append(", "), "multiple", JsonText.OneOrAll(vertical, horizontal));
    }

    private static int MultipleOf(Extent extent) => extent is SymbolExtent symbol ? symbol.Multiple : 1;

    private static string ExtentText(GraphInput input, Extent extent) => extent switch
    {
        ConstantExtent constant => JsonText.Integer(constant.Value),
        SymbolExtent symbol => JsonText.String(symbol.Name),
        _ => throw new ArgumentException($"the input '{input.Name}' has the computed size {extent}: a descriptor's inputs have a fixed size or a free one", nameof(input)),
    };

    private static void AppendOutput(StringBuilder text, GraphOutput output)
    {
        Append(text, "name", JsonText.String(output.Name)).Append(", ");
        Append(text, "tensor", JsonText.String(output.Tensor));
    }

    private static void AppendNode(StringBuilder text, Node node)
    {
        Append(text, "name", JsonText.String(node.Name)).Append(", ");
        Append(text, "op", JsonText.String(node.Operator.Kind)).Append(", ");
        Append(text, "inputs", "[" + string.Join(", ", node.Inputs.Select(JsonText.String)) + "]");
        foreach ((string name, string value) in DescriptorOperators.Of(node.Operator).Write(node.Operator)) Append(text.Append(", "), name, value);
    }

    private static void AppendWeight(StringBuilder text, StoredWeight weight, bool withData)
    {
        Append(text, "name", JsonText.String(weight.Name)).Append(", ");
        Append(text, "type", JsonText.String(weight.Type)).Append(", ");
        Append(text, "shape", JsonText.Integers(weight.Shape));
        if (withData) Append(text.Append(", "), "data", "\"" + Convert.ToBase64String(weight.Bytes) + "\"");
    }

    private static StringBuilder Append(StringBuilder text, string name, string value) => text.Append('"').Append(name).Append("\": ").Append(value);
}
