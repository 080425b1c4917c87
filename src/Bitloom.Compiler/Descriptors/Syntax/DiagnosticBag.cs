using Bitloom.Compiler.Diagnostics;

namespace Bitloom.Compiler.Descriptors.Syntax;

/// <summary>Collects diagnostics up to <see cref="DescriptorLimits.Diagnostics"/>; what comes later is counted as one.</summary>
internal sealed class DiagnosticBag
{
    private readonly List<BloomDiagnostic> _items = [];

    /// <summary>True once anything was reported.</summary>
    public bool Any => _items.Count > 0;

    /// <summary>True where further diagnostics are dropped.</summary>
    public bool IsFull => _items.Count > DescriptorLimits.Diagnostics;

    /// <summary>Reports one diagnostic.</summary>
    public void Add(BloomDiagnostic diagnostic)
    {
        if (_items.Count < DescriptorLimits.Diagnostics) _items.Add(diagnostic);
        else if (!IsFull) _items.Add(BloomRules.LimitExceeded.At(diagnostic.Location, $"there are more than {DescriptorLimits.Diagnostics} errors; the rest is not shown: correct those above first"));
    }

    /// <summary>Everything reported, in the order of the text.</summary>
    public EquatableArray<BloomDiagnostic> InTextOrder() =>
        _items.OrderBy(d => d.Location.Line).ThenBy(d => d.Location.Column).ToEquatableArray();
}
