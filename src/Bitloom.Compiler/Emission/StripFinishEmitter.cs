using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the end of a kernel that makes rows of the image in strips of four: the epilogue of one output over the part of a run that lies
/// in one strip. Only image pixels are written, so the operations are those of <see cref="EpilogueEmitter"/>, but nothing needs a mask.
/// </summary>
internal static class StripFinishEmitter
{
    /// <summary>Writes the method for one output of one piece; returns its name.</summary>
    internal static string EmitMethod(KernelFile file, Epilogue epilogue, int run)
    {
        IReadOnlyList<string> parameters = ["float* source", .. EpilogueEmitter.Parameters(epilogue), "nint pitch", "int rows", "int pixels", "float* rest"];
        return file.Method(
            "FinishRows",
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}({string.Join(", ", parameters)})",
            writer =>
            {
                EpilogueEmitter.EmitConstants(writer, epilogue);
                string operands = string.Concat(Enumerable.Range(0, epilogue.Operands.Count).Select(i => FormattableString.Invariant($", operand{i} += pitch")));
                string step = epilogue.Shuffle is null ? "pitch" : Literal.Integer(run);
                using (writer.Block(FormattableString.Invariant($"for (int row = 0; row < rows; row++, source += {run}, target += {step}{operands})")))
                using (writer.Block("for (int at = 0; at < pixels; at += Lanes.Floats)"))
                {
                    writer.Line("Floats value = Vec.Load(source + at);");
                    foreach (EpilogueOperation operation in epilogue.Operations) writer.Line(EpilogueEmitter.Statement(operation, "value", index => EpilogueEmitter.Constant(epilogue, index), "at"));
                    writer.Line("if (at + Lanes.Floats <= pixels) value.Store(target + at);");
                    using (writer.Block("else"))
                    {
                        writer.Line("value.Store(rest);");
                        writer.Line("new Span<float>(rest, pixels - at).CopyTo(new Span<float>(target + at, pixels - at));");
                    }
                }
            },
            EpilogueEmitter.Describe(epilogue));
    }

    /// <summary>Writes the method that fetches four rows of a channel; returns its name, empty where nothing is to be fetched.</summary>
    internal static string EmitPrefetchMethod(KernelFile file, Epilogue epilogue, int run) => EpilogueEmitter.PrefetchedRuns(epilogue).Count == 0 ? "" : file.Method(
        "PrefetchRows",
        name => $"[MethodImpl(MethodImplOptions.AggressiveInlining)]\nprivate static void {name}(float* start, nint pitch)",
        writer =>
        {
            using (writer.Block("for (int row = 0; row < 4; row++, start += pitch)"))
                writer.Line(FormattableString.Invariant($"for (int x = 0; x < {run}; x += 16) Lanes.Prefetch(start + x);"));
        },
        "Asks for four rows of a run. A strip leaves each page after a few lines, so no hardware prefetcher follows.");

    /// <summary>Fetches what the next <paramref name="outputs"/> channels from the variable <c>channel</c> will be combined with or written to.</summary>
    internal static void EmitPrefetch(CodeWriter writer, FlatStep step, string prefetch, int outputs, int run)
    {
        if (prefetch.Length == 0) return;
        using (writer.Block(FormattableString.Invariant($"for (int next = channel; next < channel + {outputs}; next++)")))
        {
            writer.Line(FormattableString.Invariant($"StripPiece piece = StripPiece.At(geometry, start, {run});"));
            writer.Line("long pixel = ((long)piece.Row * geometry.Pitch) + piece.Column;");
            foreach (PrefetchedRun fetched in EpilogueEmitter.PrefetchedRuns(step.Epilogue))
            {
                string offset = fetched.Operand is { } operand ? FlatLoopEmitter.OperandOffset(operand, "next") : "((long)next * geometry.FloatStride) + pixel";
                writer.Line($"{prefetch}({fetched.Name} + {offset}, geometry.Pitch);");
            }
        }
    }

    /// <summary>The calls that finish the variable <c>channel</c>, whose four rows of a run are at <c>rows</c>, piece by piece.</summary>
    internal static void EmitCalls(CodeWriter writer, FlatStep step, string finish, int run)
    {
        Epilogue epilogue = step.Epilogue;
        int phases = epilogue.Shuffle is { } s ? s.Factor * s.Factor : 1;
        var arguments = new List<string> { "rows + at" };
        if (epilogue.Constants.Count > 0) arguments.Add(FormattableString.Invariant($"constants + (channel * {epilogue.Constants.Count})"));
        for (int i = 0; i < epilogue.Operands.Count; i++)
            arguments.Add($"operand{Literal.Integer(i)} + {FlatLoopEmitter.OperandOffset(epilogue.Operands[i], "channel")}");
        arguments.Add(epilogue.Shuffle is null ? "target + ((long)channel * geometry.FloatStride) + pixel" : FormattableString.Invariant($"shuffled + (channel % {phases} * {4 * run}) + at"));
        using (writer.Block(FormattableString.Invariant($"for (int at = 0; at < {run};)")))
        {
            writer.Line(FormattableString.Invariant($"StripPiece piece = StripPiece.At(geometry, start + at, {run} - at);"));
            writer.Line("long pixel = ((long)piece.Row * geometry.Pitch) + piece.Column;");
            writer.Line($"{finish}({string.Join(", ", arguments)}, geometry.Pitch, piece.Rows, piece.Pixels, rest);");
            if (epilogue.Shuffle is { } shuffle)
            {
                using (writer.Block(FormattableString.Invariant($"for (int row = 0; row < piece.Rows && channel % {phases} == {phases - 1}; row++)")))
                    writer.Line(FormattableString.Invariant($"PixelShuffleKernel.StoreRow(shuffled + (row * {run}) + at, {4 * run}, piece.Pixels, piece.Row + row, piece.Column, {shuffle.Factor}, target + ((long)(channel / {phases}) * larger.FloatStride), larger);"));
            }

            writer.Line("at += piece.Length;");
        }
    }
}
