using Bitloom.Compiler.Diagnostics;

namespace Bitloom.Compiler;

/// <summary>What the emitted code is called and which instruction sets it is written for.</summary>
/// <param name="Namespace">Namespace of the partial class; empty for the global one.</param>
/// <param name="ClassName">Name of the partial class.</param>
/// <param name="Accessibility"><c>public</c> or <c>internal</c>.</param>
public sealed record EmissionOptions(string Namespace, string ClassName, string Accessibility = "public")
{
    /// <summary>Vector widths in bits, widest first: the emitted code chooses the first that the machine accelerates.</summary>
    public EquatableArray<int> VectorWidths { get; init; } = [512, 256, 128];

    /// <summary>
    /// Bytes of fp32 weights that the emitted code holds as literals at most. A network with more reads those that are as in its
    /// descriptor from the descriptor, which the program then has to embed as a resource.
    /// </summary>
    public long LiteralBytes { get; init; } = 16 << 20;
}

/// <summary>One emitted file.</summary>
/// <param name="HintName">File name, unique within the compilation, e.g. <c>Upscaler.Kernels512.g.cs</c>.</param>
/// <param name="Text">C# with <c>\n</c> line ends.</param>
public sealed record SourceFile(string HintName, string Text);

/// <summary>The value of a stage, or what was wrong. Stages never throw for bad input.</summary>
/// <param name="Value">The stage's result; null where a diagnostic is an error.</param>
/// <param name="Diagnostics">In the order found.</param>
public sealed record Outcome<T>(T? Value, EquatableArray<BloomDiagnostic> Diagnostics)
    where T : class
{
    /// <summary>True where there is a value and no error.</summary>
    public bool Succeeded => Value is not null && !Diagnostics.Any(d => d.IsError);
}

/// <summary>Makes outcomes.</summary>
public static class Outcome
{
    /// <summary>A value without remarks.</summary>
    public static Outcome<T> Success<T>(T value)
        where T : class => new(value, []);

    /// <summary>No value, and why.</summary>
    public static Outcome<T> Failure<T>(params BloomDiagnostic[] diagnostics)
        where T : class => new(null, diagnostics.ToEquatableArray());
}
