namespace Bitloom.Compiler.Emission;

/// <summary>Writes the loops over the tiles of a block's pixels for one tile of output channels.</summary>
/// <param name="file">The file.</param>
/// <param name="terms">Terms of a sum: a number, or a variable where sums are made in slices.</param>
/// <param name="imagePixels">Pixels of an image of fixed size; used where lanes are output channels.</param>
internal sealed class PanelTileLoops(KernelFile file, string terms, int imagePixels)
{
    /// <summary>Lanes are pixels: <paramref name="channels"/> weights by several vectors of pixels, then what is left of them.</summary>
    internal void EmitOverPixels(CodeWriter writer, int channels)
    {
        int vectors = PanelTileEmitter.Vectors(file.Width, channels);
        string Call(int count) => FormattableString.Invariant($"{PanelTileEmitter.Emit(file, channels, count, fetchesAhead: false, goesOn: false)}(panel + at, stride, weight, {channels}, {terms}, sums + at, stride);");
        writer.Line("int at = 0;");
        writer.Line(FormattableString.Invariant($"for (; at < pixels - ({vectors - 1} * Lanes.Floats); at += {vectors} * Lanes.Floats) {Call(vectors)}"));
        EmitRest(writer, vectors, "(pixels - at + Lanes.Floats - 1) / Lanes.Floats", Call);
    }

    /// <summary>
    /// Lanes are output channels: <paramref name="vectors"/> vectors of weights by several pixels, as many as the variable
    /// <paramref name="count"/> says, from <paramref name="source"/> to <paramref name="target"/>. Meanwhile the weights that lie next come
    /// nearer: for every pixel its part of them. With <paramref name="goesOn"/> sums go on where the variable <c>first</c> is not 0.
    /// </summary>
    internal void EmitOverOutputs(CodeWriter writer, int vectors, string count, string source, string target, bool goesOn = false, string? ahead = null)
    {
        int scalars = PanelTileEmitter.Scalars(file.Width, vectors, imagePixels), channels = vectors * file.Floats;
        string Call(int size) => FormattableString.Invariant($"{PanelTileEmitter.Emit(file, size, vectors, fetchesAhead: true, goesOn)}(weight, {channels}, {source} + at, stride, {terms}, {target} + (at * {channels}), {channels}, {ahead ?? $"weight + tileSize + (at * tileSize / {count})"}{(goesOn ? ", first == 0" : "")});");
        if (ahead is null) writer.Line(FormattableString.Invariant($"nint tileSize = {channels} * {terms};"));
        writer.Line("int at = 0;");
        writer.Line(FormattableString.Invariant($"for (; at <= {count} - {scalars}; at += {scalars}) {Call(scalars)}"));
        EmitRest(writer, scalars, $"{count} - at", Call);
    }

    // One call for each number that may be left.
    private static void EmitRest(CodeWriter writer, int whole, string rest, Func<int, string> call)
    {
        if (whole == 1) return;
        using (writer.Block($"switch ({rest})"))
            for (int count = 1; count < whole; count++) writer.Line(FormattableString.Invariant($"case {count}:\n    {call(count)}\n    break;"));
    }
}
