using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>Writes binary convolutions by the method that suits each, and what the methods have in common.</summary>
internal static class BinaryConvEmitter
{
    /// <summary>Writes the kernel of a step and what it calls; returns its name.</summary>
    internal static string Emit(KernelFile file, FlatStep step, BinaryConvSource source) => source.Method switch
    {
        BinaryMethod.Lookup => SignLookupEmitter.Emit(file, step, source.Operator),
        BinaryMethod.Quartets => QuartetConvEmitter.Emit(file, step, source.Operator, source.Choice.Quartets!),
        _ => SharedCarryEmitter.Emit(file, step, source.Operator),
    };

    /// <summary>
    /// Writes a kernel that counts bit-sliced: for each block of pixels and group, what all outputs share, then for each output its sums, their
    /// correction at the border and the epilogue; returns its name.
    /// </summary>
    /// <param name="file">Gets the method.</param>
    /// <param name="step">The step.</param>
    /// <param name="conv">Its convolution.</param>
    /// <param name="form">The form of its sums.</param>
    /// <param name="pointers">Declarations of pointers into the scratch memory.</param>
    /// <param name="sumsAt">Bytes of scratch memory before the sums.</param>
    /// <param name="share">The statement for what outputs share, given C# for the signs at the block.</param>
    /// <param name="sum">Statements that leave sums of the variable <c>channel</c>, or of that at the variable <c>position</c>, at <c>sums</c>.</param>
    /// <param name="summary">How the kernel adds, for its summary.</param>
    /// <param name="isOrdered">True where channels come in an order of the layer.</param>
    internal static string EmitKernel(
        KernelFile file, FlatStep step, BinaryConv2d conv, SumForm form, string pointers, long sumsAt, Func<string, string> share, string sum, string summary, bool isOrdered = false)
    {
        EquatableArray<int> kernel = conv.Weight.Shape;
        int outputs = kernel[0] / conv.Groups, inputs = kernel[1];
        string index = isOrdered ? "position" : "channel", finish = FlatLoopEmitter.FinishMethod(file, step, form), groups = FormattableString.Invariant($"{conv.Groups}");
        long shuffledAt = sumsAt + (file.Width * form.Bytes);
        file.NeedScratch(shuffledAt + FlatLoopEmitter.ShuffleBytes(file, step));
        return file.Method(
            FormattableString.Invariant($"BinaryConv{kernel[2]}x{kernel[3]}Of{inputs}To{outputs}{(conv.Groups > 1 ? $"In{groups}Groups" : "")}"),
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}({string.Join(", ", FlatLoopEmitter.Parameters(step, "in BinaryLayer layer", "byte* source"))})",
            writer =>
            {
                writer.Line("nint planeBytes = geometry.BitStride, rowBytes = geometry.Pitch / 8;");
                writer.Line(FormattableString.Invariant($"byte* {pointers}, sums = scratch + {sumsAt};"));
                if (step.Epilogue.Shuffle is not null) writer.Line(FormattableString.Invariant($"float* shuffled = (float*)(scratch + {shuffledAt});"));
                using (writer.Block("for (int block = first * VectorsPerBlock; block < end * VectorsPerBlock; block++)"))
                {
                    writer.Line("long pixel = (long)block * BlockPixels;");
                    using (conv.Groups > 1 ? writer.Block($"for (int group = 0; group < {groups}; group++)") : (IDisposable?)null)
                    {
                        writer.Line(share("source + (pixel / 8)" + (conv.Groups > 1 ? FormattableString.Invariant($" + (group * {inputs} * planeBytes)") : "")));
                        string from = conv.Groups > 1 ? FormattableString.Invariant($"group * {outputs}") : "0";
                        string to = conv.Groups > 1 ? FormattableString.Invariant($"(group + 1) * {outputs}") : FormattableString.Invariant($"{outputs}");
                        using (writer.Block($"for (int {index} = {from}; {index} < {to}; {index}++)"))
                        {
                            writer.Line(sum);
                            if (isOrdered) writer.Line("int channel = layer.Order[position];");
                            if (kernel[2] * kernel[3] > 1) writer.Line($"layer.{form.Correction}(block, channel, sums);");
                            FlatLoopEmitter.Finish(writer, step, finish, "sums", "layer.Constants", "channel", isOrdered ? "(nint)geometry.FloatStride * (layer.Order[position + 1] - channel)" : "geometry.FloatStride");
                        }
                    }
                }
            },
            FormattableString.Invariant($"Binary convolution {kernel[2]} x {kernel[3]}, {inputs * conv.Groups} -> {kernel[0]} channels{(conv.Groups > 1 ? $" in {groups} groups" : "")}: {conv.Weight.BitsPerOutput} signs an output,"),
            FormattableString.Invariant($"{summary}. {EpilogueEmitter.Describe(step.Epilogue)}."));
    }
}
