using System.Globalization;

namespace Bitloom.Import.Onnx;

/// <summary>
/// Readable names, unique in a network. PyTorch's scopes repeat a list's name before its items and end values in <c>_output_0</c>:
/// <c>/body/body.0/move0/Add_output_0</c> becomes <c>body.0.move0.Add</c>.
/// </summary>
internal sealed class NodeNames
{
    private const int Longest = 200;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    // Where to go on counting, so that thousands of equal names cost no more than different ones.
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);

    /// <summary>A name that nothing else has.</summary>
    internal string Take(string name)
    {
        string clean = Clean(name), unique = clean;
        int number = _next.GetValueOrDefault(clean, 2);
        for (; !_taken.Add(unique); number++) unique = string.Create(CultureInfo.InvariantCulture, $"{clean}_{number}");
        _next[clean] = number;
        return unique;
    }

    private static string Clean(string name)
    {
        const string suffix = "_output_0";
        if (name.EndsWith(suffix, StringComparison.Ordinal)) name = name[..^suffix.Length];
        string[] scopes = name.Replace("::", ".", StringComparison.Ordinal).Split('/', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> kept = scopes.Where((scope, i) => i + 1 >= scopes.Length || !scopes[i + 1].StartsWith(scope + ".", StringComparison.Ordinal));
        string joined = string.Concat(string.Join('.', kept).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '_' : c));
        return joined.Length == 0 ? "node" : joined.Length > Longest ? joined[..Longest] : joined;
    }
}
