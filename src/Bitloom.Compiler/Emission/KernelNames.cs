namespace Bitloom.Compiler.Emission;

/// <summary>
/// Methods of one kernel file: equal bodies share one method. A name that another body holds already gets a number.
/// </summary>
internal sealed class KernelNames
{
    private readonly Dictionary<string, string> _nameByText = [];
    private readonly HashSet<string> _names = [];
    private readonly List<string> _methods = [];

    /// <summary>Emitted methods, in the order of first use.</summary>
    internal IReadOnlyList<string> Methods => _methods;

    /// <summary>The name of the method that <paramref name="emit"/> writes for a given name; writes it once.</summary>
    internal string NameOf(string wish, Func<string, string> emit)
    {
        string anonymous = emit("_");
        if (_nameByText.TryGetValue(anonymous, out string? name)) return name;
        name = wish;
        for (int number = 2; !_names.Add(name); number++) name = FormattableString.Invariant($"{wish}_{number}");
        _nameByText.Add(anonymous, name);
        _methods.Add(emit(name));
        return name;
    }
}
