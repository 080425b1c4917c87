using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;

namespace Bitloom.Generator.Tests;

/// <summary>A compiler that emits a class with the network's name in it, and counts how often it is asked.</summary>
internal sealed class StandInCompiler
{
    /// <summary>Names of the classes compiled, in order.</summary>
    internal List<string> Compiled { get; } = [];

    /// <summary>Node that the compiler refuses; null where it accepts all.</summary>
    internal string? RefusedNode { get; init; }

    /// <summary>What the compiler throws; null where it is sound.</summary>
    internal Exception? Defect { get; init; }

    /// <summary>Called within every compilation.</summary>
    internal Action? Compiling { get; init; }

    internal Outcome<CompiledNetwork> Compile(NetworkGraph graph, EmissionOptions options, CancellationToken cancellation)
    {
        Compiled.Add(options.ClassName);
        Compiling?.Invoke();
        cancellation.ThrowIfCancellationRequested();
        if (Defect is not null) throw Defect;
        if (graph.Nodes.FirstOrDefault(node => node.Name == RefusedNode) is { } refused)
            return Outcome.Failure<CompiledNetwork>(BloomRules.ShapeMismatch.At(refused.Location, $"'{refused.Name}' does not fit."));

        string body = $"{options.Accessibility} static partial class {options.ClassName} {{ public const string NetworkName = \"{graph.Name}\"; }}";
        string text = options.Namespace.Length == 0 ? body : $"namespace {options.Namespace} {{ {body} }}";
        // The plan is for tools that explain a network; the generator reads the files alone.
        return Outcome.Success(new CompiledNetwork(
            [new SourceFile($"{options.ClassName}.g.cs", text + "\n"), new SourceFile($"{options.ClassName}.Kernels128.g.cs", "// no kernels\n")],
            Plan: null!));
    }
}
