namespace Bitloom.Compiler.Emission;

/// <summary>
/// How signs are added in triples: each level turns n vectors into n / 3 parities (plus the n mod 3 left over)
/// and n / 3 slots of carries, until one or two vectors are left; two make one more slot.
/// </summary>
internal sealed class CarryTree
{
    internal CarryTree(int taps)
    {
        Taps = taps;
        var levels = new List<(int, int)>();
        int count = taps;
        while (count >= 3)
        {
            levels.Add((count / 3, count % 3));
            Slots += count / 3;
            count = (count / 3) + (count % 3);
        }

        EndsInPair = count == 2;
        if (EndsInPair) Slots++;
        Levels = levels.ToEquatableArray();
    }

    /// <summary>Signs of one output.</summary>
    internal int Taps { get; }

    /// <summary>Triples and leftovers of every level, the signs themselves first.</summary>
    internal EquatableArray<(int Triples, int Leftover)> Levels { get; }

    /// <summary>Carries to add for one output.</summary>
    internal int Slots { get; }

    /// <summary>True where two vectors are left at the end, not one.</summary>
    internal bool EndsInPair { get; }

    /// <summary>Vectors of scratch for carries, for parities of all levels and, where asked, for the gathered signs.</summary>
    internal long ScratchVectors(bool gathersSigns) =>
        (8L * Slots) + Levels.Sum(l => l.Triples + l.Leftover) + (gathersSigns || Levels.Count == 0 ? Taps : 0);
}
