using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Hosting;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime;

namespace Bitloom.Parity.Tests.Harness;

/// <summary>A network compiled by Bitloom and loaded: one engine for every vector width and thread count.</summary>
internal sealed class CompiledModel : IDisposable
{
    private const string ClassName = "Emitted";

    private readonly HostedModel _model;

    private CompiledModel(HostedModel model) => _model = model;

    /// <summary>Widths that this machine runs on its own instructions, widest first.</summary>
    internal static IEnumerable<VectorWidth> Widths { get; } =
        new[] { VectorWidth.Bits512, VectorWidth.Bits256, VectorWidth.Bits128 }.Where(VectorWidths.IsAccelerated).ToArray();

    /// <summary>Emits, compiles and loads.</summary>
    /// <exception cref="GraphRefusedException">The compiler refuses the graph.</exception>
    internal static CompiledModel Compile(NetworkGraph graph)
    {
        Outcome<CompiledNetwork> outcome = BloomCompiler.Compile(graph, new EmissionOptions("Bitloom.Parity", ClassName));
        return outcome.Succeeded
            ? new CompiledModel(HostedModel.Load(outcome.Value!, $"Bitloom.Parity.{ClassName}"))
            : throw new GraphRefusedException("The compiler refuses the graph:\n" + string.Join("\n", outcome.Diagnostics));
    }

    /// <summary>A session for the size of a case.</summary>
    internal BloomSession CreateSession(NetworkCase network, int threads = 1, VectorWidth width = VectorWidth.Best) =>
        _model.CreateSession(network.Height, network.Width, threads, width);

    /// <summary>Outputs by name, from a session of its own.</summary>
    internal IReadOnlyDictionary<string, Tensor> Run(NetworkCase network, int threads = 1, VectorWidth width = VectorWidth.Best)
    {
        using BloomSession session = CreateSession(network, threads, width);
        return Run(session, network);
    }

    /// <summary>Outputs by name, into fresh arrays full of NaN so that a value never written shows.</summary>
    internal static IReadOnlyDictionary<string, Tensor> Run(BloomSession session, NetworkCase network)
    {
        float[][] inputs = InputArrays(session, network), outputs = OutputArrays(session);
        session.Run(inputs, outputs);
        return session.Outputs.Zip(outputs).ToDictionary(o => o.First.Name, o => new Tensor(o.First.Channels, o.First.Height, o.First.Width, o.Second));
    }

    /// <summary>A case's inputs in the session's order.</summary>
    internal static float[][] InputArrays(BloomSession session, NetworkCase network) => [.. session.Inputs.Select(i => network.Inputs[i.Name].Values)];

    /// <summary>Arrays for a session's outputs, full of NaN.</summary>
    internal static float[][] OutputArrays(BloomSession session) => [.. session.Outputs.Select(o =>
    {
        var values = new float[o.Length];
        Array.Fill(values, float.NaN);
        return values;
    })];

    public void Dispose() => _model.Dispose();
}

/// <summary>The compiler answered a graph with diagnostics and no code.</summary>
internal sealed class GraphRefusedException(string message) : Exception(message);
