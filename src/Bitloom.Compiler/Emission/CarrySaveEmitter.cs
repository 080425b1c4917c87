namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the adder of a bit-sliced counter: counter plane <c>count[j]</c> holds bit j of the count of every pixel. Carries of weight 1
/// enter in pairs; a full adder takes a counter plane and two vectors of its weight and hands one carry to the next plane. So n
/// carries cost about n full adders, and only one in 2^j of them reaches plane j.
/// </summary>
internal sealed class CarrySaveEmitter(CodeWriter writer, int planes)
{
    private readonly int _planes = planes;
    private int _item;

    /// <summary>Planes that hold counts up to <paramref name="most"/>.</summary>
    internal static int PlanesFor(int most)
    {
        int planes = 0;
        while (most >> planes != 0) planes++;
        return planes;
    }

    /// <summary>Adds 2^<paramref name="level"/> carries from consecutive slots, then ripples into the higher planes.</summary>
    internal void AddGroup(int level)
    {
        writer.Line(FormattableString.Invariant($"// Slots {_item} to {_item + (1 << level) - 1}; carryJ_n goes to plane J after n slots."));
        string carry = Produce(level);
        for (int plane = level; plane < _planes; plane++)
        {
            bool last = plane == _planes - 1;
            if (!last) writer.Line(FormattableString.Invariant($"Bits ripple{plane}_{_item} = count{plane} & {carry};"));
            writer.Line(FormattableString.Invariant($"count{plane} ^= {carry};"));
            carry = FormattableString.Invariant($"ripple{plane}_{_item}");
        }
    }

    /// <summary>Starts again at the first slot of the pointers.</summary>
    internal void Restart() => _item = 0;

    // A vector of weight 2^level, made of that many carries.
    private string Produce(int level)
    {
        if (level == 0)
        {
            int item = _item++;
            return FormattableString.Invariant($"Load(slot + ({item} * SlotBytes) + pattern[{item}])");
        }

        string first = Produce(level - 1), second = Produce(level - 1);
        string name = FormattableString.Invariant($"carry{level}_{_item}");
        writer.Line(FormattableString.Invariant($"Bits {name} = Lanes.FullAdd(ref count{level - 1}, {first}, {second});"));
        return name;
    }
}
