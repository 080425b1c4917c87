namespace Bitloom.Compiler.Emission;

/// <summary>What kernel emitters share while one file, that is one vector width, is written.</summary>
/// <param name="width">Vector width in bits.</param>
internal sealed class KernelFile(int width)
{
    /// <summary>Attributes of every kernel: compiled once, fully optimised, called and not inlined.</summary>
    internal const string KernelAttribute = "[MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]";

    /// <summary>Vector width in bits.</summary>
    internal int Width { get; } = width;

    /// <summary>fp32 values a vector.</summary>
    internal int Floats => Width / 32;

    /// <summary>Bytes a vector.</summary>
    internal int Bytes => Width / 8;

    /// <summary>The file's methods.</summary>
    internal KernelNames Names { get; } = new();

    /// <summary>Bytes of scratch memory that one thread needs for the kernels so far.</summary>
    internal long ScratchBytes { get; private set; }

    /// <summary>Asks for scratch memory.</summary>
    internal void NeedScratch(long bytes) => ScratchBytes = Math.Max(ScratchBytes, bytes);

    /// <summary>Writes a method through <see cref="Names"/>.</summary>
    internal string Method(string wish, Func<string, string> heading, Action<CodeWriter> body, params string[] summary) =>
        Names.NameOf(wish, name =>
        {
            var writer = new CodeWriter();
            if (summary.Length == 1) writer.Line($"/// <summary>{Literal.Xml(summary[0])}</summary>");
            else if (summary.Length > 1)
            {
                writer.Line("/// <summary>");
                foreach (string line in summary) writer.Line("/// " + Literal.Xml(line));
                writer.Line("/// </summary>");
            }

            using (writer.Block(heading(name))) body(writer);
            return writer.ToString();
        });
}
