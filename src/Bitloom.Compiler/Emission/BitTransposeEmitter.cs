namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the turn from bit planes to bytes: eight planes hold bit 0..7 of every pixel's number; afterwards byte b of vector i is the
/// number of pixel 8b + i. Three rounds of delta swaps exchange blocks of 4, 2 and 1 bits between vectors whose indices differ in the
/// same bit (Warren, Hacker's Delight, 7-3). Planes known to be zero cost nothing.
/// </summary>
internal sealed class BitTransposeEmitter(CodeWriter writer, string prefix)
{
    private readonly string?[] _planes = new string?[8];
    private int _names;

    /// <summary>Transposes; null planes are zero. Returns the names of eight variables, null where all bytes are zero.</summary>
    internal string?[] Emit(IReadOnlyList<string?> planes)
    {
        for (int i = 0; i < 8; i++) _planes[i] = i < planes.Count ? planes[i] : null;
        foreach (int distance in new[] { 4, 2, 1 })
            for (int i = 0; i < 8; i++)
                if ((i & distance) == 0) Swap(i, i + distance, distance);
        return [.. _planes];
    }

    private void Swap(int low, int high, int distance)
    {
        string mask = FormattableString.Invariant($"mask{distance}");
        string? a = _planes[low], b = _planes[high];
        if (a is null && b is null) return;
        string newLow = NewName(), newHigh = NewName();
        if (b is null)
        {
            writer.Line(FormattableString.Invariant($"Bits {newHigh} = ({a} >>> {distance}) & {mask}, {newLow} = {a} & {mask};"));
        }
        else if (a is null)
        {
            writer.Line(FormattableString.Invariant($"Bits {newLow} = ({b} & {mask}) << {distance}, {newHigh} = Vec.AndNot({b}, {mask});"));
        }
        else
        {
            string moved = NewName();
            writer.Line(FormattableString.Invariant($"Bits {moved} = (({a} >>> {distance}) ^ {b}) & {mask}, {newHigh} = {b} ^ {moved}, {newLow} = {a} ^ ({moved} << {distance});"));
        }

        (_planes[low], _planes[high]) = (newLow, newHigh);
    }

    private string NewName() => FormattableString.Invariant($"{prefix}{_names++}");
}
