using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Emission;

/// <summary>The weights of a network as properties of one emitted class; equal weights are there once.</summary>
internal sealed class EmittedWeights
{
    private readonly Dictionary<string, string> _nameByText = [];
    private readonly List<(string Name, string Summary, string Base64)> _weights = [];

    /// <summary>C# that reads the weight of the given name, or an earlier one with the same values.</summary>
    internal string Add(string wish, string summary, FloatTensor weight) => Add(wish, summary, WeightText.Base64(weight.Values.AsSpan()));

    /// <inheritdoc cref="Add(string, string, FloatTensor)"/>
    internal string Add(string wish, string summary, BitTensor weight) => Add(wish, summary, WeightText.Base64(weight.Words.AsSpan()));

    /// <inheritdoc cref="Add(string, string, FloatTensor)"/>
    internal string Add(string wish, string summary, float[] values) => Add(wish, summary, WeightText.Base64(values));

    /// <summary>The class.</summary>
    internal string Emit()
    {
        var writer = new CodeWriter();
        using (writer.Block("private static class Weights"))
        {
            for (int i = 0; i < _weights.Count; i++)
            {
                if (i > 0) writer.Line();
                writer.Line($"/// <summary>{Literal.Xml(_weights[i].Summary)}</summary>");
                writer.Line($"internal static ReadOnlySpan<byte> {_weights[i].Name} => \"{_weights[i].Base64}\"u8;");
            }
        }

        return writer.ToString();
    }

    private string Add(string wish, string summary, string base64)
    {
        if (!_nameByText.TryGetValue(base64, out string? name))
        {
            _nameByText.Add(base64, name = wish);
            _weights.Add((wish, summary, base64));
        }

        return "Weights." + name;
    }
}
