using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes depthwise convolutions: each output channel reads one input channel. Lanes are neighbouring pixels of a row; a few rows are made
/// together, so that a row of the input is loaded once for all of them, and finished in registers. Bound by loads: kernel width times
/// (rows + kernel height - 1) of them for as many vectors as rows.
/// </summary>
internal static class DepthwiseConvEmitter
{
    private const int Rows = 4;

    /// <summary>Writes the kernel of a step; returns its name.</summary>
    internal static string Emit(KernelFile file, FlatStep step, DepthwiseSource source)
    {
        EquatableArray<int> kernel = source.Operator.Weight.Shape;
        Window window = source.Operator.Window;
        string[] pointers = [.. EpilogueEmitter.Parameters(step.Epilogue).Where(p => p.StartsWith("float*", StringComparison.Ordinal) && p != "float* constants")];
        string channel = EmitChannel(file, step, source, pointers), stride = window.StrideX * window.StrideY > 1 ? FormattableString.Invariant($"Every{window.StrideY}x{window.StrideX}") : "";
        return file.Method(
            FormattableString.Invariant($"Depthwise{kernel[2]}x{kernel[3]}{stride}Of{kernel[0]}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* weights, float* constants, float* source, PlaneGeometry from, PlaneGeometry geometry, {string.Join(", ", pointers)}, int part, int parts)",
            writer =>
            {
                writer.Line(FormattableString.Invariant($"(int first, int end) = Share.Of({kernel[0]}, part, parts);"));
                using (writer.Block("for (int channel = first; channel < end; channel++)"))
                {
                    if (step.Epilogue.Operands.Count > 0) writer.Line("const long pixel = 0;");
                    string input = source.Operator.Groups == kernel[0] ? "channel" : FormattableString.Invariant($"(channel / {kernel[0] / source.Operator.Groups})");
                    var arguments = new List<string>
                    {
                        FormattableString.Invariant($"weights + (channel * {kernel[2] * kernel[3]})"),
                        FormattableString.Invariant($"source + ((nint){input} * from.FloatStride) - ({window.PadTop} * from.Pitch) - {window.PadLeft}"), "from.Pitch",
                    };
                    if (step.Epilogue.Constants.Count > 0) arguments.Add(FormattableString.Invariant($"constants + (channel * {step.Epilogue.Constants.Count})"));
                    for (int i = 0; i < step.Epilogue.Operands.Count; i++)
                        arguments.Add($"operand{Literal.Integer(i)} + {FlatLoopEmitter.OperandOffset(step.Epilogue.Operands[i], "channel")}");
                    writer.Line($"{channel}({string.Join(", ", arguments)}, target + ((nint)channel * geometry.FloatStride), geometry);");
                }
            },
            FormattableString.Invariant($"Depthwise convolution {kernel[2]} x {kernel[3]}, {kernel[0]} channels, {Rows} rows at a time."),
            $"{EpilogueEmitter.Describe(step.Epilogue)}.");
    }

    private static string EmitChannel(KernelFile file, FlatStep step, DepthwiseSource source, string[] pointers)
    {
        EquatableArray<int> kernel = source.Operator.Weight.Shape;
        string constants = step.Epilogue.Constants.Count > 0 ? "float* constants, " : "";
        return file.Method(
            FormattableString.Invariant($"DepthwiseChannel{kernel[2]}x{kernel[3]}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}(float* weights, float* window, nint fromPitch, {constants}{string.Join(", ", pointers)}, PlaneGeometry geometry)",
            writer =>
            {
                writer.Line("int width = geometry.Width, height = geometry.Height;\nnint pitch = geometry.Pitch;");
                for (int tap = 0; tap < kernel[2] * kernel[3]; tap++) writer.Line(FormattableString.Invariant($"Floats w{tap} = Vec.Create(weights[{tap}]);"));
                EpilogueEmitter.EmitConstants(writer, step.Epilogue);
                writer.Line("int y = 0;");
                using (writer.Block(FormattableString.Invariant($"for (; y <= height - {Rows}; y += {Rows})"))) EmitRows(writer, step, source, Rows);
                using (writer.Block("for (; y < height; y++)")) EmitRows(writer, step, source, 1);
            },
            "All rows of one channel.");
    }

    private static void EmitRows(CodeWriter writer, FlatStep step, DepthwiseSource source, int rows)
    {
        EquatableArray<int> kernel = source.Operator.Weight.Shape;
        Window window = source.Operator.Window;
        using (writer.Block("for (int x = 0; x < width; x += Lanes.Floats)"))
        {
            writer.Line(FormattableString.Invariant($"float* read = window + ((nint)y * {window.StrideY} * fromPitch) + ((nint)x * {window.StrideX});"));
            writer.Line($"Floats {string.Join(", ", Enumerable.Range(0, rows).Select(r => FormattableString.Invariant($"row{r} = Floats.Zero")))}, pixels;");
            IEnumerable<IGrouping<int, (int Row, int Tap)>> readers = Enumerable.Range(0, rows)
                .SelectMany(row => Enumerable.Range(0, kernel[2]).Select(tap => (row, tap)))
                .GroupBy(p => (p.row * window.StrideY) + (p.tap * window.DilationY)).OrderBy(g => g.Key);
            foreach (IGrouping<int, (int Row, int Tap)> input in readers)
                for (int column = 0; column < kernel[3]; column++)
                {
                    writer.Line($"pixels = {Pixels(FormattableString.Invariant($"read + ({input.Key} * fromPitch) + {column * window.DilationX}"), window.StrideX)};");
                    foreach ((int row, int tap) in input)
                        writer.Line(FormattableString.Invariant($"row{row} = Lanes.MultiplyAdd(pixels, w{(tap * kernel[3]) + column}, row{row});"));
                }

            for (int row = 0; row < rows; row++)
                using (writer.Block())
                {
                    writer.Line(FormattableString.Invariant($"nint at = ((nint)(y + {row}) * pitch) + x;"));
                    writer.Line(FormattableString.Invariant($"Floats value = row{row};"));
                    EpilogueEmitter.EmitOperations(writer, step.Epilogue);
                    writer.Line("if (width - x >= Lanes.Floats) value.Store(target + at);\nelse Lanes.StoreRowEnd(value, target + at, width - x);");
                }
        }
    }

    // Pixels at a larger stride than 2 are rare.
    private static string Pixels(string pointer, int stride) => stride switch
    {
        1 => $"Vec.Load({pointer})",
        2 => $"Lanes.Even(Vec.Load({pointer}), Vec.Load({pointer} + Lanes.Floats))",
        _ => throw new NotSupportedException("A depthwise kernel reads every pixel or every other one."),
    };
}
