namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the innermost loops of convolutions over panels: a tile of sums, each the product of a lane of some vectors with some scalars, stays
/// in registers over all terms. Which of both are pixels and which weights is the caller's choice. Every sum adds its terms in the same
/// order, so that tiles of any size give the same bits.
/// </summary>
internal static class PanelTileEmitter
{
    /// <summary>Vectors of a tile that has <paramref name="scalars"/> scalars: what the registers hold, 32 with 512-bit vectors, else 16.</summary>
    internal static int Vectors(int width, int scalars) => width == 512
        ? scalars switch { 1 => 8, 2 or 3 => 6, 4 => 5, 5 or 6 => 4, <= 8 => 3, _ => 2 }
        : scalars switch { 1 => 6, 2 => 4, 3 or 4 => 3, _ => 2 };

    /// <summary>Tiles of <paramref name="vectors"/> vectors that so many scalars are divided into.</summary>
    internal static int Tiles(int width, int vectors, int scalars)
    {
        int most = 1;
        while (most < 12 && Vectors(width, most + 1) >= vectors) most++;
        return (scalars + most - 1) / most;
    }

    /// <summary>Scalars of these tiles, about equal: of the last maybe fewer.</summary>
    internal static int Scalars(int width, int vectors, int scalars)
    {
        int tiles = Tiles(width, vectors, scalars);
        return (scalars + tiles - 1) / tiles;
    }

    /// <summary>
    /// Writes the method; returns its name. With <paramref name="fetchesAhead"/> it has a parameter <c>ahead</c>: a line of cache is fetched
    /// from there on for every term, so that weights that the next tiles multiply come from memory while these use theirs. With
    /// <paramref name="goesOn"/> it has a last parameter <c>isFirst</c>; where that is false, sums go on from what is stored.
    /// </summary>
    internal static string Emit(KernelFile file, int scalars, int vectors, bool fetchesAhead, bool goesOn) => file.Method(
        FormattableString.Invariant($"Tile{scalars}x{vectors}{(fetchesAhead ? "Ahead" : "")}{(goesOn ? "InSlices" : "")}"),
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* vectors, nint vectorStride, float* scalars, nint scalarStride, int terms, float* sums, nint sumStride{(fetchesAhead ? ", float* ahead" : "")}{(goesOn ? ", bool isFirst" : "")})",
        writer =>
        {
            for (int s = 0; s < scalars; s++)
                writer.Line($"Floats {string.Join(", ", Enumerable.Range(0, vectors).Select(v => FormattableString.Invariant($"s{s}v{v} = Floats.Zero")))};");
            if (goesOn)
            {
                using (writer.Block("if (!isFirst)"))
                    for (int s = 0; s < scalars; s++)
                        for (int v = 0; v < vectors; v++) writer.Line(FormattableString.Invariant($"s{s}v{v} = Vec.Load(sums + ({s} * sumStride) + ({v} * Lanes.Floats));"));
            }

            using (writer.Block("for (int term = 0; term < terms; term++, vectors += vectorStride, scalars += scalarStride)"))
            {
                if (fetchesAhead) writer.Line("Lanes.PrefetchFar(ahead + (16 * (nint)term));");
                writer.Line($"Floats {string.Join(", ", Enumerable.Range(0, vectors).Select(v => FormattableString.Invariant($"v{v} = Vec.Load(vectors + ({v} * Lanes.Floats))")))};");
                for (int s = 0; s < scalars; s++)
                {
                    writer.Line(FormattableString.Invariant($"Floats scalar{s} = Vec.Create(scalars[{s}]);"));
                    for (int v = 0; v < vectors; v++) writer.Line(FormattableString.Invariant($"s{s}v{v} = Lanes.MultiplyAdd(v{v}, scalar{s}, s{s}v{v});"));
                }
            }

            for (int s = 0; s < scalars; s++)
                for (int v = 0; v < vectors; v++) writer.Line(FormattableString.Invariant($"s{s}v{v}.Store(sums + ({s} * sumStride) + ({v} * Lanes.Floats));"));
        },
        FormattableString.Invariant($"Sums of the products of {scalars} {(scalars == 1 ? "scalar" : "scalars")} with {vectors} {(vectors == 1 ? "vector" : "vectors")}, over all terms."));
}
