namespace Bitloom.Compiler.Emission;

/// <summary>
/// Divides output channels, or vectors of them, into as few tiles as possible of sizes that differ by at most one, larger ones first: the
/// order in which weights lie.
/// </summary>
/// <param name="Tiles">Tiles in all.</param>
/// <param name="Small">Size of the smaller ones.</param>
/// <param name="Larger">How many are larger by one.</param>
internal sealed record TileSplit(int Tiles, int Small, int Larger)
{
    internal static TileSplit Of(int count, int most)
    {
        int tiles = (count + most - 1) / most;
        return new TileSplit(tiles, count / tiles, count % tiles);
    }

    /// <summary>The sizes that occur, larger first, each with the C# condition on the variable <c>tile</c> under which it applies.</summary>
    internal IEnumerable<(int Size, string Condition)> Sizes =>
        Larger == 0 ? [(Small, "")] : [(Small + 1, FormattableString.Invariant($"if (tile < {Larger})")), (Small, "else")];

    /// <summary>C# of the first channel or vector of the tile <c>tile</c>.</summary>
    internal string First => Larger == 0 ? FormattableString.Invariant($"tile * {Small}") : FormattableString.Invariant($"(tile * {Small}) + Math.Min(tile, {Larger})");
}
