namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the adder of a bit-sliced counter: counter plane j holds bit j of the count of every pixel. A full adder takes a counter plane and
/// two vectors of its weight and hands one carry to the next plane, where it waits for a second one. So n vectors cost about n full adders,
/// and only one in 2^j of them reaches plane j.
/// </summary>
/// <param name="writer">Gets the statements.</param>
/// <param name="planes">Variables of the counter planes, the lowest first; what they cannot hold is lost.</param>
internal sealed class CarrySaveEmitter(CodeWriter writer, IReadOnlyList<string> planes)
{
    private readonly string?[] _waiting = new string?[planes.Count];
    private int _items;

    /// <summary>Planes that hold counts up to <paramref name="most"/>.</summary>
    internal static int PlanesFor(int most)
    {
        int planes = 0;
        while (most >> planes != 0) planes++;
        return planes;
    }

    /// <summary>Variables of planes: a prefix and the number of the plane.</summary>
    internal static string[] PlaneNames(string prefix, int first, int count) => [.. Enumerable.Range(first, count).Select(p => FormattableString.Invariant($"{prefix}{p}"))];

    /// <summary>Adds a vector of weight 1.</summary>
    internal void Add(string vector)
    {
        _items++;
        Push(0, vector);
    }

    /// <summary>Adds two vectors of weight 1, or their complements, where none waits.</summary>
    internal void AddPair(string first, string second, bool complemented = false)
    {
        _items += 2;
        Join(0, first, second, complemented ? "FullAddComplements" : "FullAdd");
    }

    /// <summary>Adds what waits, so that the counter planes hold the count.</summary>
    internal void Settle()
    {
        for (int plane = 0; plane < planes.Count; plane++)
        {
            if (_waiting[plane] is not { } carry) continue;
            _waiting[plane] = null;
            string? next = plane < planes.Count - 1 ? FormattableString.Invariant($"carry{plane + 1}_{_items}") : null;
            if (next is not null) writer.Line($"Bits {next} = {planes[plane]} & {carry};");
            writer.Line($"{planes[plane]} ^= {carry};");
            if (next is not null) Push(plane + 1, next);
        }
    }

    private void Push(int plane, string vector)
    {
        if (_waiting[plane] is not { } first) _waiting[plane] = vector;
        else
        {
            _waiting[plane] = null;
            Join(plane, first, vector, "FullAdd");
        }
    }

    private void Join(int plane, string first, string second, string adder)
    {
        if (plane == planes.Count - 1)
        {
            writer.Line($"{planes[plane]} = Lanes.Sum({planes[plane]}, {first}, {second});");
            return;
        }

        string carry = FormattableString.Invariant($"carry{plane + 1}_{_items}");
        writer.Line($"Bits {carry} = Lanes.{adder}(ref {planes[plane]}, {first}, {second});");
        Push(plane + 1, carry);
    }
}
