using Bitloom.Import.Onnx.Operators;

namespace Bitloom.Import.Onnx;

/// <summary>
/// Nodes that no converter takes, so that one refusal names every operator that a model would have to do without. What such a node makes
/// is lost; nodes that read something lost are not converted, only looked at.
/// </summary>
internal sealed class UnsupportedNodes
{
    private const int MostNamed = 8;

    private readonly List<OnnxNode> _nodes = [];
    private readonly HashSet<string> _lostImages = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lostSizes = new(StringComparer.Ordinal);

    /// <summary>True where one was found.</summary>
    internal bool Any => _nodes.Count > 0;

    /// <summary>Notes a node that no converter takes.</summary>
    internal void Add(OnnxNode node)
    {
        _nodes.Add(node);
        Lose(node, _lostImages);
    }

    /// <summary>True where a node reads something lost, and so cannot be converted either. It is noted where no converter takes it.</summary>
    internal bool Follows(OnnxNode node)
    {
        bool readsImage = node.Inputs.Any(_lostImages.Contains), readsSize = node.Inputs.Any(_lostSizes.Contains);
        if (!readsImage && !readsSize) return false;

        // Sizes are computed by operators of their own, which would be no trouble.
        if (!readsImage || node.Operator is "Shape" or "Size") Lose(node, _lostSizes);
        else if (ConverterTable.Find(node) is null) Add(node);
        else Lose(node, _lostImages);
        return true;
    }

    /// <summary>The refusal: the first node with the nearest operator that is supported, and which operators besides.</summary>
    internal ImportException Refusal()
    {
        OnnxNode first = _nodes[0];
        (string what, string remedy) = ConverterTable.Explain(first);
        string[] others = [.. _nodes.Skip(1).GroupBy(n => n.Operator, StringComparer.Ordinal).Select(g => FormattableString.Invariant($"{g.Key} ({g.Count()} {(g.Count() == 1 ? "node" : "nodes")}, first '{g.First().Name}')"))];
        if (others.Length == 0) return first.Refuse(what, remedy);
        string rest = others.Length > MostNamed ? FormattableString.Invariant($" and {others.Length - MostNamed} operators more") : "";
        return first.Refuse(what, $"{remedy}; not supported either: {string.Join(", ", others.Take(MostNamed))}{rest}");
    }

    // An output that is left out has no name.
    private static void Lose(OnnxNode node, HashSet<string> lost) => lost.UnionWith(node.Outputs.Where(o => o.Length > 0));
}
