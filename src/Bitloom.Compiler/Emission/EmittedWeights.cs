using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// The weights of a network as properties of one emitted class; equal weights are there once. They are literals, unless the network has so
/// many fp32 weights that they would cost the C# compiler minutes: then those that are as in the descriptor are read from it in place.
/// </summary>
internal sealed class EmittedWeights
{
    // A weight of fewer values is a literal in any case: biases and constants.
    private const int LeastEmbedded = 1024;

    private readonly string _hash;
    private readonly string _network;
    private readonly Dictionary<string, FloatTensor> _stored = [];
    private readonly Dictionary<string, string> _nameByText = [];
    private readonly List<(string Name, string Summary, string Value)> _weights = [];

    /// <summary>Prepares the weights of a network.</summary>
    /// <param name="graph">The network as its descriptor has it.</param>
    /// <param name="hash">Content hash of the descriptor.</param>
    /// <param name="literalBytes">Bytes of fp32 weights up to which all are literals.</param>
    internal EmittedWeights(NetworkGraph graph, string hash, long literalBytes)
    {
        (_hash, _network) = (hash, graph.Name);
        FloatTensor[] tensors = [.. graph.Nodes.SelectMany(n => n.Operator.FloatWeights).Distinct()];
        if (tensors.Sum(t => (long)t.Values.Count * sizeof(float)) <= literalBytes) return;
        foreach (FloatTensor tensor in tensors.Where(t => t.Values.Count >= LeastEmbedded)) _stored.Add(tensor.Name, tensor);
    }

    /// <summary>True where a weight is read from the descriptor.</summary>
    internal bool ReadsDescriptor { get; private set; }

    /// <summary>C# that reads the weight of the given name, or an earlier one with the same values.</summary>
    internal string Add(string wish, string summary, FloatTensor weight)
    {
        if (!_stored.TryGetValue(weight.Name, out FloatTensor? stored) || !stored.Values.Equals(weight.Values)) return AddLiteral(wish, summary, WeightText.Base64(weight.Values.AsSpan()));
        ReadsDescriptor = true;
        return Add(wish, summary, $"Descriptor.Weight({Literal.String(weight.Name)})");
    }

    /// <inheritdoc cref="Add(string, string, FloatTensor)"/>
    internal string Add(string wish, string summary, BitTensor weight) => AddLiteral(wish, summary, WeightText.Base64(weight.Words.AsSpan()));

    /// <inheritdoc cref="Add(string, string, FloatTensor)"/>
    internal string Add(string wish, string summary, float[] values) => AddLiteral(wish, summary, WeightText.Base64(values));

    /// <summary>The class.</summary>
    internal string Emit()
    {
        var writer = new CodeWriter();
        using (writer.Block("private static class Weights"))
        {
            if (ReadsDescriptor)
            {
                writer.Line("/// <summary>The descriptor, a resource of this program.</summary>");
                writer.Line($"private static readonly EmbeddedDescriptor Descriptor = EmbeddedDescriptor.Find(typeof(Weights).Assembly, {Literal.String(_hash)}, {Literal.String(_network)});");
                writer.Line();
            }

            for (int i = 0; i < _weights.Count; i++)
            {
                if (i > 0) writer.Line();
                writer.Line($"/// <summary>{Literal.Xml(_weights[i].Summary)}</summary>");
                writer.Line($"internal static ReadOnlySpan<byte> {_weights[i].Name} => {_weights[i].Value};");
            }
        }

        return writer.ToString();
    }

    private string AddLiteral(string wish, string summary, string base64) => Add(wish, summary, $"\"{base64}\"u8");

    private string Add(string wish, string summary, string value)
    {
        if (!_nameByText.TryGetValue(value, out string? name))
        {
            _nameByText.Add(value, name = wish);
            _weights.Add((wish, summary, value));
        }

        return "Weights." + name;
    }
}
