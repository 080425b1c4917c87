using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>Writes elementwise kernels: every channel of every block through the epilogue.</summary>
internal static class PlaneKernelEmitter
{
    /// <summary>Writes the kernel of a step; returns its name.</summary>
    internal static string Emit(KernelFile file, FlatStep step, PlaneSource source)
    {
        string finish = FlatLoopEmitter.FinishMethod(file, step, sums: null);
        file.NeedScratch(FlatLoopEmitter.ShuffleBytes(file, step));
        return file.Method(
            "Elementwise",
            name => $"{KernelFile.KernelAttribute}\nprivate static void {name}({string.Join(", ", FlatLoopEmitter.Parameters(step, "float* constants", "float* source"))})",
            writer =>
            {
                if (step.Epilogue.Shuffle is not null) writer.Line("float* shuffled = (float*)scratch;");
                using (writer.Block("for (long pixel = (long)first * PlaneGeometry.BlockPixels; pixel < (long)end * PlaneGeometry.BlockPixels; pixel += BlockPixels)"))
                using (writer.Block(FormattableString.Invariant($"for (int channel = 0; channel < {step.Channels}; channel++)")))
                {
                    writer.Line($"float* run = source + {FlatLoopEmitter.OperandOffset(source.Operand, "channel")};");
                    FlatLoopEmitter.Finish(writer, step, finish, "run", "constants", "channel");
                }
            },
            $"Elementwise over {step.Channels} channels: {EpilogueEmitter.Describe(step.Epilogue)}.");
    }
}
