using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler;

/// <summary>The compiler, stage by stage: descriptor -> graph -> passes -> plan -> C#.</summary>
public static class BloomCompiler
{
    /// <summary>Compiles descriptor text into C# files, or says what is wrong with it.</summary>
    public static Outcome<CompiledNetwork> Compile(string descriptor, EmissionOptions options, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Compiles a graph built in code.</summary>
    public static Outcome<CompiledNetwork> Compile(NetworkGraph graph, EmissionOptions options, CancellationToken cancellation = default) =>
        throw new NotImplementedException();
}

/// <summary>Everything that a compilation makes.</summary>
/// <param name="Files">Emitted C#.</param>
public sealed record CompiledNetwork(EquatableArray<SourceFile> Files);
