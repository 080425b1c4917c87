using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Emission;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Passes;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler;

/// <summary>The compiler, stage by stage: descriptor -> graph -> passes -> plan -> C#.</summary>
public static class BloomCompiler
{
    /// <summary>Compiles descriptor text into C# files, or says what is wrong with it.</summary>
    public static Outcome<CompiledNetwork> Compile(string descriptor, EmissionOptions options, CancellationToken cancellation = default)
    {
        Outcome<NetworkGraph> graph = DescriptorReader.Read(descriptor);
        return graph.Succeeded ? Compile(graph.Value!, options, cancellation) : new Outcome<CompiledNetwork>(null, graph.Diagnostics);
    }

    /// <summary>Compiles a graph.</summary>
    public static Outcome<CompiledNetwork> Compile(NetworkGraph graph, EmissionOptions options, CancellationToken cancellation = default)
    {
        Outcome<Plan> plan = MakePlan(graph, cancellation);
        if (!plan.Succeeded) return new Outcome<CompiledNetwork>(null, plan.Diagnostics);
        (EquatableArray<SourceFile> files, bool readsDescriptor) = NetworkEmitter.Emit(plan.Value!, options, DescriptorHash.Compute(graph), cancellation);
        return Outcome.Success(new CompiledNetwork(files, plan.Value!, readsDescriptor));
    }

    /// <summary>Lowers and plans a graph without emitting it.</summary>
    public static Outcome<Plan> MakePlan(NetworkGraph graph, CancellationToken cancellation = default)
    {
        Outcome<ShapeTable> shapes = ShapeInference.Infer(graph);
        if (!shapes.Succeeded) return new Outcome<Plan>(null, shapes.Diagnostics);
        NetworkGraph lowered = PassList.Lower(graph, cancellation);
        return Planner.Plan(graph, lowered, cancellation);
    }
}

/// <summary>Everything that a compilation makes.</summary>
/// <param name="Files">Emitted C#.</param>
/// <param name="Plan">What the emitted code does, for people and tools.</param>
/// <param name="ReadsDescriptor">The program has to embed the descriptor as a resource, from which the emitted code reads weights.</param>
public sealed record CompiledNetwork(EquatableArray<SourceFile> Files, Plan Plan, bool ReadsDescriptor = false);
