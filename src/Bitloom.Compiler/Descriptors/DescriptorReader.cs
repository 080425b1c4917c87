using System.Text.Json;
using Bitloom.Compiler.Descriptors.Syntax;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Descriptors;

/// <summary>
/// Reads the <c>.bloom</c> text format: JSON with comments allowed, described by <c>bloom.schema.json</c>. In one object stand the
/// format version, the name, a content hash (<see cref="DescriptorHash"/>), inputs, outputs, nodes in the order in which they run,
/// and the weights in base64 (<see cref="WeightData"/>).
/// </summary>
public static class DescriptorReader
{
    /// <summary>The format version that this compiler reads and writes.</summary>
    public const int Version = 1;

    private static readonly string[] Properties = ["bloom", "name", "description", "hash", "inputs", "outputs", "nodes", "weights", "$schema"];

    /// <summary>
    /// The network, or what is wrong with the text: never throws for any text. Errors stand in the order of the text, with line,
    /// column and node, at most <see cref="DescriptorLimits.Diagnostics"/>. A network that is returned has unique names, known
    /// references, inferable shapes (<see cref="ShapeInference"/>) and signs where signs may be (<see cref="SignFlow"/>).
    /// </summary>
    public static Outcome<NetworkGraph> Read(string text)
    {
        var diagnostics = new DiagnosticBag();
        JsonValue? root = JsonSyntaxParser.Parse(text, diagnostics);
        NetworkGraph? graph = root is null ? null : ReadNetwork(root, diagnostics);
        return new Outcome<NetworkGraph>(diagnostics.Any ? null : graph, diagnostics.InTextOrder());
    }

    private static NetworkGraph? ReadNetwork(JsonValue root, DiagnosticBag diagnostics)
    {
        if (root.Kind != JsonTokenType.StartObject)
        {
            diagnostics.Add(BloomRules.InvalidProperty.At(new SourceLocation(root.Line, root.Column, ""), $"a descriptor must be an object in braces, not {root.Shown}"));
            return null;
        }

        var file = new ObjectReader(root, "", diagnostics);
        if (!CheckVersion(file)) return null;
        file.RejectUnknown(Properties);
        string name = file.Name("name", "the network's name") ?? "", description = file.OptionalText("description") ?? "";

        var omitted = new HashSet<string>(StringComparer.Ordinal);
        WeightTable weights = WeightTable.Read(ReadList(file, "weights", "weights", 0, DescriptorLimits.Weights), diagnostics);
        var graph = new NetworkGraph(
            name,
            description,
            ReadList(file, "inputs", "inputs", 1, DescriptorLimits.Endpoints).Select(i => EndpointReader.ReadInput(i, omitted, diagnostics)).OfType<GraphInput>().ToEquatableArray(),
            ReadList(file, "nodes", "nodes", 0, DescriptorLimits.Nodes).Select(n => NodeReader.Read(n, weights, omitted, diagnostics)).OfType<Node>().ToEquatableArray(),
            ReadList(file, "outputs", "outputs", 1, DescriptorLimits.Endpoints).Select(o => EndpointReader.ReadOutput(o, diagnostics)).OfType<GraphOutput>().ToEquatableArray());

        foreach (BloomDiagnostic diagnostic in ShapeInference.Infer(graph, omitted).Diagnostics) diagnostics.Add(diagnostic);
        if (!diagnostics.Any) weights.RejectUnused();
        if (!diagnostics.Any) foreach (BloomDiagnostic diagnostic in SignFlow.Check(graph)) diagnostics.Add(diagnostic);
        CheckHash(file, graph, root);
        return graph;
    }

    private static bool CheckVersion(ObjectReader file)
    {
        if (file.Require("bloom", "\"bloom\": 1, the format version") is not { } value) return false;
        if (file.IntegerOf(value, "'bloom', the format version,", 1, int.MaxValue) is not { } version) return false;
        if (version == Version) return true;
        file.Fail(BloomRules.UnsupportedVersion, file.At(value), FormattableString.Invariant($"the descriptor has format version {version}, but this compiler reads version {Version}: update Bitloom"));
        return false;
    }

    private static IReadOnlyList<JsonValue> ReadList(ObjectReader file, string property, string meaning, int least, int most)
    {
        IReadOnlyList<JsonValue> items = file.Items(property, meaning) ?? [];
        if (file.Find(property) is not { Kind: JsonTokenType.StartArray } place) return items;
        if (items.Count < least) file.Fail(BloomRules.InvalidProperty, file.At(place), $"'{property}' is empty: a network has at least one of them");
        if (items.Count <= most) return items;
        file.Fail(BloomRules.LimitExceeded, file.At(items[most]), FormattableString.Invariant($"there are {items.Count} {meaning}; at most {most} are accepted"));
        return [.. items.Take(most)];
    }

    // The hash of a network with other errors says nothing: it is compared only where it is the last thing that could be wrong.
    private static void CheckHash(ObjectReader file, NetworkGraph graph, JsonValue root)
    {
        string? found = file.OptionalText("hash");
        if (file.Diagnostics.Any) return;
        string computed = DescriptorHash.Compute(graph);
        if (found == computed) return;
        if (found is null)
            file.Fail(BloomRules.HashMismatch, file.At(root), $"the content hash is missing: add \"hash\": \"{computed}\"");
        else
            file.Fail(BloomRules.HashMismatch, file.At(file.Find("hash")!), $"the hash is {Quoted.Name(found)}, but the content has '{computed}': restore the file if it was damaged; if it was changed on purpose, write the second value here");
    }
}
