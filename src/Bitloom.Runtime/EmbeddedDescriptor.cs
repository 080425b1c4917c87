using System.Reflection;
using System.Text.Json;

namespace Bitloom.Runtime;

/// <summary>
/// A descriptor embedded in a program as a resource, of which emitted code reads the weights in place. Programs whose weights are many
/// megabytes hold them so: as literals they would cost the C# compiler minutes.
/// </summary>
public sealed unsafe class EmbeddedDescriptor
{
    private readonly Dictionary<string, (nint Start, int Length)> _weights = new(StringComparer.Ordinal);

    private EmbeddedDescriptor(ReadOnlySpan<byte> text, string hash, string network)
    {
        fixed (byte* start = text) Read(text, start);
        if (_weights.Count == 0) throw Missing(network, hash);
    }

    /// <summary>Finds the descriptor of the given content hash among an assembly's resources whose names end in <c>.bloom</c>.</summary>
    /// <param name="assembly">The assembly that holds the emitted code.</param>
    /// <param name="hash">Content hash of the descriptor that the code was emitted from.</param>
    /// <param name="network">Its name, for people.</param>
    /// <exception cref="InvalidOperationException">The assembly has no such resource.</exception>
    public static EmbeddedDescriptor Find(Assembly assembly, string hash, string network)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".bloom", StringComparison.OrdinalIgnoreCase)))
        {
            // Resources stay mapped as long as the assembly is loaded, so the weights are read where they are.
            if (assembly.GetManifestResourceStream(name) is not UnmanagedMemoryStream stream) continue;
            ReadOnlySpan<byte> text = new(stream.PositionPointer, checked((int)stream.Length));
            if (text.StartsWith("\uFEFF"u8)) text = text[3..];
            if (HashOf(text) == hash) return new EmbeddedDescriptor(text, hash, network);
        }

        throw Missing(network, hash);
    }

    /// <summary>Base64 text of a weight.</summary>
    public ReadOnlySpan<byte> Weight(string name) =>
        _weights.TryGetValue(name, out (nint Start, int Length) place) ? new ReadOnlySpan<byte>((void*)place.Start, place.Length)
            : throw new InvalidOperationException($"The embedded descriptor has no weight '{name}': build the program again from its descriptor.");

    private static InvalidOperationException Missing(string network, string hash) => new(
        $"The weights of '{network}' ({hash}) are not in the program: embed its descriptor, <EmbeddedResource Include=\"x.bloom\" LogicalName=\"x.bloom\" />, unchanged since the code was emitted.");

    // The value of the first property "hash" of the outermost object; null where there is none.
    private static string? HashOf(ReadOnlySpan<byte> text)
    {
        Utf8JsonReader reader = Open(text);
        try
        {
            while (reader.Read())
                if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("hash"u8)) return reader.Read() ? reader.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }

        return null;
    }

    // Objects of the array "weights", each with a name and base64 data. The compiler has checked the rest when it emitted the code.
    private void Read(ReadOnlySpan<byte> text, byte* start)
    {
        Utf8JsonReader reader = Open(text);
        bool isWeights = false;
        string? name = null;
        (nint Start, int Length) data = default;
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 }) isWeights = reader.ValueTextEquals("weights"u8);
            else if (isWeights && reader is { TokenType: JsonTokenType.EndObject, CurrentDepth: 2 } && name is not null) _weights[name] = data;
            if (!isWeights || reader is not { TokenType: JsonTokenType.PropertyName, CurrentDepth: 3 }) continue;
            bool isName = reader.ValueTextEquals("name"u8), isData = reader.ValueTextEquals("data"u8);
            if (!reader.Read()) return;
            if (isName) name = reader.GetString();
            else if (isData) data = ((nint)(start + reader.TokenStartIndex + 1), reader.ValueSpan.Length);
        }
    }

    private static Utf8JsonReader Open(ReadOnlySpan<byte> text) => new(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
}
