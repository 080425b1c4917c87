namespace Bitloom.Compiler.Emission;

/// <summary>
/// Fields of the session that hold weights in the form that kernels read, with the expressions that make them. Equal expressions share a
/// field, so that layers of equal weights or geometry hold them once.
/// </summary>
internal sealed class SessionFields
{
    private readonly Dictionary<string, string> _nameByValue = [];
    private readonly List<(string Type, string Name, string Value)> _fields = [];

    /// <summary>Fields in the order of their initialisation.</summary>
    internal IReadOnlyList<(string Type, string Name, string Value)> All => _fields;

    /// <summary>The name of the field that holds <paramref name="value"/>: <paramref name="wish"/>, or an earlier one's.</summary>
    internal string Add(string type, string wish, string value)
    {
        if (_nameByValue.TryGetValue($"{type} {value}", out string? name)) return name;
        _nameByValue.Add($"{type} {value}", wish);
        _fields.Add((type, wish, value));
        return wish;
    }
}
