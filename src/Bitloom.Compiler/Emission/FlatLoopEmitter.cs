using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>What all kernels over runs of pixels have in common: parameters, the finishing method, and channel choices of operands.</summary>
internal static class FlatLoopEmitter
{
    /// <summary>Parameters of a kernel: what its source needs, then pointers to operands and results, then the share of the thread.</summary>
    internal static IReadOnlyList<string> Parameters(FlatStep step, params string[] source) =>
    [
        .. source, "PlaneGeometry geometry", .. EpilogueEmitter.Parameters(step.Epilogue).Where(p => p != "float* constants"),
        .. step.Epilogue.Shuffle is { } shuffle ? shuffle.Sign is null ? new[] { "PlaneGeometry larger" } : ["PlaneGeometry larger", "byte* largerSigns"] : [],
        "byte* scratch", "int first", "int end",
    ];

    /// <summary>Writes the method that finishes one channel of one block, from sums in a form or from fp32 values; returns its name.</summary>
    internal static string FinishMethod(KernelFile file, FlatStep step, SumForm? sums) => file.Method(
        sums is null ? "FinishValues" : "Finish" + (sums.Kind == SumKind.Counts ? "Counts" : "Sums"),
        name => $"{KernelFile.KernelAttribute}\nprivate static void {name}({string.Join(", ", new[] { sums is null ? "float* source" : "byte* source" }.Concat(EpilogueEmitter.Parameters(step.Epilogue)).Concat(Ahead(step, "nint ahead")))})",
        writer => EpilogueEmitter.Emit(writer, step.Epilogue, sums, FetchesAhead(step)),
        EpilogueEmitter.Describe(step.Epilogue));

    /// <summary>Bytes of scratch memory for the channels that one shuffled channel is made of.</summary>
    internal static long ShuffleBytes(KernelFile file, FlatStep step) =>
        step.Epilogue.Shuffle is { } shuffle ? (long)shuffle.Factor * shuffle.Factor * file.Width * sizeof(float) : 0;

    /// <summary>The calls that finish a channel, at the variable <c>pixel</c>; through a shuffle, the last channel of each group stores it.</summary>
    /// <remarks><paramref name="ahead"/> says how many fp32 values on the runs of the next call lie.</remarks>
    internal static void Finish(CodeWriter writer, FlatStep step, string finish, string source, string constants, string channel, string ahead = "geometry.FloatStride")
    {
        writer.Line(FinishCall(step, finish, source, constants, channel, ahead));
        if (step.Epilogue.Shuffle is not { } shuffle) return;
        int phases = shuffle.Factor * shuffle.Factor, perChannel = step.Epilogue.Constants.Count;
        string Constant(int? index, string otherwise) => index is { } i ? FormattableString.Invariant($"{constants}[({channel} * {perChannel}) + {i}]") : otherwise;
        string signs = shuffle.Sign is null ? "null" : FormattableString.Invariant($"largerSigns + ((long)({channel} / {phases}) * larger.BitStride)");
        writer.Line(FormattableString.Invariant($"if ({channel} % {phases} == {phases - 1})"));
        writer.Line(FormattableString.Invariant($"    PixelShuffleKernel.Store(shuffled, BlockPixels, pixel, {shuffle.Factor}, geometry, target + ((long)({channel} / {phases}) * larger.FloatStride), larger, {signs}, {Constant(shuffle.Sign?.Threshold, "0f")}, {Constant(shuffle.Sign?.Direction, "1f")});"));
    }

    private static string FinishCall(FlatStep step, string finish, string source, string constants, string channel, string ahead)
    {
        Epilogue epilogue = step.Epilogue;
        var arguments = new List<string> { source };
        if (epilogue.Constants.Count > 0) arguments.Add(FormattableString.Invariant($"{constants} + ({channel} * {epilogue.Constants.Count})"));
        for (int i = 0; i < epilogue.Operands.Count; i++)
            arguments.Add($"operand{i.ToString(System.Globalization.CultureInfo.InvariantCulture)} + {OperandOffset(epilogue.Operands[i], channel)}");
        if (epilogue.Shuffle is { } shuffle) arguments.Add(FormattableString.Invariant($"shuffled + ({channel} % {shuffle.Factor * shuffle.Factor} * BlockPixels)"));
        else if (epilogue.FloatStore is not null)
        {
            arguments.Add($"target + ((long){channel} * geometry.FloatStride) + pixel");
        }

        for (int i = 0; i < epilogue.SignStores.Count; i++)
            arguments.Add(FormattableString.Invariant($"signs{i} + ((long){channel} * geometry.BitStride) + (pixel / 8)"));
        if (EpilogueEmitter.NeedsMask(epilogue)) arguments.Add("mask + (pixel / 8)");
        arguments.AddRange(Ahead(step, ahead));
        return $"{finish}({string.Join(", ", arguments)});";
    }

    private static IEnumerable<string> Ahead(FlatStep step, string argument) => FetchesAhead(step) ? [argument] : [];

    // Binary convolutions, and fp32 ones of few channels, finish channels faster than memory delivers what they are added to and written over.
    private static bool FetchesAhead(FlatStep step) => step.Source is BinaryConvSource or ConvSource && EpilogueEmitter.PrefetchedRuns(step.Epilogue).Count > 0;

    /// <summary>C# of the distance from an operand's first channel to what is read for a channel at the variable <c>pixel</c>.</summary>
    internal static string OperandOffset(Operand operand, string channel)
    {
        string plane = $"((long){ChannelExpression(operand.Channels, channel)} * geometry.FloatStride) + pixel";
        if (operand.Offsets.Any(o => o.Rows != 0)) plane += $" + ({Table("sbyte", operand.Offsets.Select(o => o.Rows), channel)} * geometry.Pitch)";
        return operand.Offsets.Any(o => o.Columns != 0) ? $"{plane} + {Table("sbyte", operand.Offsets.Select(o => o.Columns), channel)}" : plane;
    }

    private static string Table(string type, IEnumerable<int> values, string index) => $"((ReadOnlySpan<{type}>)[{string.Join(", ", values.Select(v => Literal.Integer(v)))}])[{index}]";

    /// <summary>C# for the source channel of a target channel: a formula where there is a simple one, else a table.</summary>
    internal static string ChannelExpression(EquatableArray<int> channels, string channel)
    {
        int count = channels.Count;
        if (Matches(channels, c => c)) return channel;
        if (Matches(channels, c => c + channels[0])) return FormattableString.Invariant($"({channel} + {channels[0]})");
        for (int n = 2; n <= count; n++)
        {
            int period = n;
            if (Matches(channels, c => c / period)) return FormattableString.Invariant($"({channel} / {n})");
            if (Matches(channels, c => c % period)) return FormattableString.Invariant($"({channel} % {n})");
        }

        return Table("ushort", channels, channel);
    }

    private static bool Matches(EquatableArray<int> channels, Func<int, int> formula)
    {
        for (int c = 0; c < channels.Count; c++)
            if (channels[c] != formula(c)) return false;
        return true;
    }
}
