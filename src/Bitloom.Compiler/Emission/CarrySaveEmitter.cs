namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the adder of a bit-sliced counter: counter plane j holds bit j of the count of every pixel. A full adder takes three vectors of one
/// weight, one of which may be the counter plane, and leaves one in its place and one carry for the next plane, where that waits for
/// others. So n vectors cost about n full adders, and only one in 2^j of them reaches plane j.
/// <para>
/// A plane that takes every pair of vectors is a chain of additions, each of which waits for the one before. With
/// <paramref name="tiers"/>, vectors are first added by threes, and what is left of these by threes again, so that most additions wait for
/// nothing; this takes registers for what is under way.
/// </para>
/// </summary>
/// <param name="writer">Gets the statements.</param>
/// <param name="planes">Variables of the counter planes, the lowest first; what they cannot hold is lost.</param>
/// <param name="tiers">How often vectors are added by threes before what is left is added to the plane: 0 to 2.</param>
internal sealed class CarrySaveEmitter(CodeWriter writer, IReadOnlyList<string> planes, int tiers = 0)
{
    private static readonly string[] s_sums = ["three", "nine"];

    // By plane and tier; in the last tier what is added to the plane.
    private readonly List<string>[][] _waiting = [.. planes.Select(_ => Enumerable.Range(0, tiers + 1).Select(_ => new List<string>()).ToArray())];
    private readonly HashSet<string> _names = [];
    private int _items;

    /// <summary>Tiers for which the registers of a vector width suffice: 32 of 512 bits, else perhaps 16.</summary>
    internal static int TiersFor(int width) => width == 512 ? 2 : 0;

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
        Push(0, 0, vector);
    }

    /// <summary>Adds complements of vectors of weight 1, in groups that need no complements by themselves as far as there are such.</summary>
    internal void AddComplements(IReadOnlyList<string> vectors)
    {
        int group = tiers == 0 ? 2 : 3, whole = vectors.Count / group * group;
        for (int i = 0; i < whole; i += group)
        {
            _items += group;
            if (tiers == 0) Join(0, vectors[i], vectors[i + 1], "FullAddComplements");
            else AddThree(0, 0, [vectors[i], vectors[i + 1], vectors[i + 2]], "AddThreeComplements");
        }

        foreach (string vector in vectors.Skip(whole)) Add("~" + vector);
    }

    /// <summary>Adds what waits, so that the counter planes hold the count.</summary>
    internal void Settle()
    {
        for (int plane = 0; plane < planes.Count; plane++)
        {
            List<string> rest = [.. _waiting[plane].Reverse().SelectMany(tier => tier)];
            foreach (List<string> tier in _waiting[plane]) tier.Clear();
            for (int i = 0; i + 1 < rest.Count; i += 2) Join(plane, rest[i], rest[i + 1], "FullAdd");
            if (rest.Count % 2 == 0) continue;
            if (plane < planes.Count - 1)
            {
                string carry = Carry(plane);
                writer.Line($"Bits {carry} = {planes[plane]} & {rest[^1]};");
                Push(plane + 1, 0, carry);
            }

            writer.Line($"{planes[plane]} ^= {rest[^1]};");
        }
    }

    private void Push(int plane, int tier, string vector)
    {
        List<string> waiting = _waiting[plane][tier];
        waiting.Add(vector);
        if (waiting.Count < (tier == tiers ? 2 : 3)) return;
        string[] vectors = [.. waiting];
        waiting.Clear();
        if (tier == tiers) Join(plane, vectors[0], vectors[1], "FullAdd");
        else AddThree(plane, tier, vectors, "FullAdd");
    }

    private void AddThree(int plane, int tier, string[] vectors, string adder)
    {
        string sum = Unique(FormattableString.Invariant($"{s_sums[tier]}{plane}_{_items}"));
        writer.Line($"Bits {sum} = {vectors[2]};");
        AddTo(plane, sum, vectors[0], vectors[1], adder);
        Push(plane, tier + 1, sum);
    }

    private void Join(int plane, string first, string second, string adder) => AddTo(plane, planes[plane], first, second, adder);

    private void AddTo(int plane, string sum, string first, string second, string adder)
    {
        if (plane == planes.Count - 1)
        {
            writer.Line($"{sum} = Lanes.Sum({sum}, {first}, {second});");
            return;
        }

        string carry = Carry(plane);
        writer.Line($"Bits {carry} = Lanes.{adder}(ref {sum}, {first}, {second});");
        Push(plane + 1, 0, carry);
    }

    private string Carry(int plane) => Unique(FormattableString.Invariant($"carry{plane + 1}_{_items}"));

    // The name, or the name and a letter where it is taken.
    private string Unique(string name)
    {
        string unique = name;
        for (char letter = 'a'; !_names.Add(unique); letter++) unique = name + letter;
        return unique;
    }
}
