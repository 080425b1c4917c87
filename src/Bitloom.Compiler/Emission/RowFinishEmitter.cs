using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>Writes the end of a kernel that makes whole rows of the image: the epilogue of one output channel over some rows.</summary>
internal static class RowFinishEmitter
{
    /// <summary>The pointers of the kernel's and the method's parameters: operands and target.</summary>
    internal static IEnumerable<string> Pointers(FlatStep step) => EpilogueEmitter.Parameters(step.Epilogue).Where(p => p.StartsWith("float*", StringComparison.Ordinal) && p != "float* constants");

    /// <summary>Writes the method, for rows of so many columns where these are given; returns its name.</summary>
    internal static string EmitMethod(KernelFile file, FlatStep step, int? columns) => file.Method(
        columns is null ? "FinishRows" : FormattableString.Invariant($"FinishRowsOf{columns}"),
        name =>
        {
            string constants = step.Epilogue.Constants.Count > 0 ? "float* constants, " : "";
            return $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* source, nint sourcePitch, {constants}{string.Join(", ", Pointers(step))}, nint pitch, int rows, int width, nint ahead)";
        },
        writer => EpilogueEmitter.EmitRows(writer, step.Epilogue, columns, file.Floats),
        EpilogueEmitter.Describe(step.Epilogue));

    /// <summary>
    /// The call for sums at <paramref name="source"/>, of the channel that the variable <c>channel</c> and <c>output</c> make up. What the
    /// channel <paramref name="channels"/> on reads and overwrites is fetched meanwhile. The result goes to its plane unless another
    /// <paramref name="target"/> is named.
    /// </summary>
    internal static string Call(FlatStep step, string finish, string source, string sourcePitch, string channels, string? target = null)
    {
        Epilogue epilogue = step.Epilogue;
        var arguments = new List<string> { source, sourcePitch };
        if (epilogue.Constants.Count > 0) arguments.Add(FormattableString.Invariant($"constants + ((channel + output) * {epilogue.Constants.Count})"));
        for (int i = 0; i < epilogue.Operands.Count; i++)
            arguments.Add($"operand{Literal.Integer(i)} + {FlatLoopEmitter.OperandOffset(epilogue.Operands[i], "(channel + output)")}");
        arguments.Add(target ?? "target + ((long)(channel + output) * geometry.FloatStride) + pixel");
        return $"{finish}({string.Join(", ", arguments)}, geometry.Pitch, rows, width, {channels} * geometry.FloatStride);";
    }
}
