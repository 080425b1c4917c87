namespace Bitloom.Compiler.Planning;

/// <summary>
/// Gives tensors slots of the arena: a free slot of the same kind and level if there is one (the best fitting), else a new one.
/// Slots are never shared between levels, so that the zeros around a plane stay where they are.
/// </summary>
internal sealed class SlotAllocator(IReadOnlyDictionary<string, int> lastUses)
{
    private readonly List<Slot> _slots = [];
    private readonly Dictionary<string, int> _live = [];
    private readonly Dictionary<string, int> _known = [];
    private readonly HashSet<int> _free = [];

    internal EquatableArray<Slot> Slots => _slots.ToEquatableArray();

    internal bool Has(string tensor) => _known.ContainsKey(tensor);

    internal int Of(string tensor) => _known[tensor];

    internal bool EndsAt(string tensor, int step) => _live.ContainsKey(tensor) && lastUses[tensor] == step;

    internal int Place(string tensor, SlotKind kind, int level, int channels)
    {
        Slot? best = _free.Select(i => _slots[i]).Where(s => s.Kind == kind && s.Level == level)
            .OrderBy(s => Math.Abs(s.Channels - channels)).ThenBy(s => s.Index).FirstOrDefault();
        int index = best?.Index ?? _slots.Count;
        if (best is null) _slots.Add(new Slot(index, kind, level, channels));
        else _slots[index] = best with { Channels = Math.Max(best.Channels, channels) };
        _free.Remove(index);
        _live.Add(tensor, index);
        _known.Add(tensor, index);
        return index;
    }

    /// <summary>Gives a dying tensor's slot to the tensor that overwrites it.</summary>
    internal int TakeOver(string from, string to)
    {
        int slot = _live[from];
        _live.Remove(from);
        _live.Add(to, slot);
        _known.Add(to, slot);
        return slot;
    }

    /// <summary>Frees the slots of tensors that no later step reads.</summary>
    internal void EndStep(int step)
    {
        foreach (string tensor in _live.Keys.Where(t => lastUses[t] <= step).ToList())
        {
            _free.Add(_live[tensor]);
            _live.Remove(tensor);
        }
    }
}
