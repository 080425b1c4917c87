using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Planning;

/// <summary>
/// Gives tensors places in slots of the arena: a free slot of the same kind and level if there is one (the best fitting), else a new
/// one. Parts of a tensor share its slot, which stays in use until the last of them was read. Slots are never shared between levels, so
/// that the zeros around a plane stay where they are.
/// </summary>
internal sealed class SlotAllocator
{
    private readonly GraphEditor _graph;
    private readonly TensorViews _views;
    private readonly Dictionary<string, int> _lastUses = [];
    private readonly List<Slot> _slots = [];
    private readonly Dictionary<string, int> _live = [];
    private readonly Dictionary<string, int> _known = [];
    private readonly HashSet<int> _free = [];

    /// <summary>Prepares the allocation for tensors of <paramref name="graph"/>.</summary>
    /// <param name="graph">The lowered graph.</param>
    /// <param name="views">Which tensors are parts of others.</param>
    /// <param name="uses">Every tensor that a step reads or writes, with the step's index.</param>
    internal SlotAllocator(GraphEditor graph, TensorViews views, IEnumerable<(string Tensor, int Step)> uses)
    {
        (_graph, _views) = (graph, views);
        foreach ((string tensor, int step) in uses)
        {
            string root = views.RootOf(tensor).Tensor;
            _lastUses[root] = _lastUses.TryGetValue(root, out int last) ? Math.Max(last, step) : step;
        }
    }

    internal EquatableArray<Slot> Slots => _slots.ToEquatableArray();

    /// <summary>When each slot holds a tensor, after everything was given out.</summary>
    internal IReadOnlyList<Lifetime> Lifetimes(IEnumerable<(string Tensor, int Step)> uses) =>
    [
        .. uses.GroupBy(u => _views.RootOf(u.Tensor).Tensor, u => u.Step).Where(g => _known.ContainsKey(g.Key))
            .Select(g => new Lifetime(_known[g.Key], _graph.Shapes[g.Key].Channels, g.Min(), g.Max())),
    ];

    /// <summary>True where the tensor has a place.</summary>
    internal bool Has(string tensor) => _known.ContainsKey(_views.RootOf(tensor).Tensor);

    /// <summary>The place of a tensor that has one.</summary>
    internal Place Of(string tensor)
    {
        (string root, int channel) = _views.RootOf(tensor);
        return new Place(_known[root], channel);
    }

    /// <summary>True where a tensor with memory of its own, and all its parts, are read by no step after this one.</summary>
    internal bool EndsAt(string tensor, int step) => _live.ContainsKey(tensor) && _lastUses[tensor] == step;

    /// <summary>Gives a tensor its place, with memory for the whole of which it is a part.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="kind">What the slot holds.</param>
    /// <param name="level">The tensor's level.</param>
    /// <param name="isFit">Says which free slots may be taken; null for all.</param>
    internal Place Allocate(string tensor, SlotKind kind, int level, Func<int, bool>? isFit = null)
    {
        (string root, int channel) = _views.RootOf(tensor);
        if (_known.TryGetValue(root, out int known)) return new Place(known, channel);
        int channels = _graph.Shapes[root].Channels;
        Slot? best = _free.Select(i => _slots[i]).Where(s => s.Kind == kind && s.Level == level && (isFit is null || isFit(s.Index)))
            .OrderBy(s => Math.Abs(s.Channels - channels)).ThenBy(s => s.Index).FirstOrDefault();
        int index = best?.Index ?? _slots.Count;
        if (best is null) _slots.Add(new Slot(index, kind, level, channels));
        else _slots[index] = best with { Channels = Math.Max(best.Channels, channels) };
        _free.Remove(index);
        _live.Add(root, index);
        _known.Add(root, index);
        return new Place(index, channel);
    }

    /// <summary>Gives a dying tensor's slot to the tensor that overwrites it.</summary>
    internal Place TakeOver(string from, string to)
    {
        int slot = _live[from];
        _live.Remove(from);
        _live.Add(to, slot);
        _known.Add(to, slot);
        return new Place(slot, 0);
    }

    /// <summary>Frees the slots of tensors that no later step reads.</summary>
    internal void EndStep(int step)
    {
        foreach (string tensor in _live.Keys.Where(t => _lastUses[t] <= step).ToList())
        {
            _free.Add(_live[tensor]);
            _live.Remove(tensor);
        }
    }
}
