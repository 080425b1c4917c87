using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Hosting;
using Bitloom.Runtime;

namespace Bitloom.Benchmarks.Networks;

/// <summary>A network compiled and loaded, from which sessions are made.</summary>
internal sealed class HostedNetwork : IDisposable
{
    private readonly HostedModel _model;

    private HostedNetwork(HostedModel model) => _model = model;

    /// <summary>Compiles and loads a graph.</summary>
    /// <exception cref="InvalidOperationException">The compiler refuses the graph; the message holds its diagnostics.</exception>
    internal static HostedNetwork Compile(NetworkGraph graph)
    {
        Outcome<CompiledNetwork> outcome = BloomCompiler.Compile(graph, new EmissionOptions("Bitloom.Benchmarks.Emitted", "Network"));
        return outcome.Succeeded
            ? new HostedNetwork(HostedModel.Load(outcome.Value!, "Bitloom.Benchmarks.Emitted.Network"))
            : throw new InvalidOperationException($"The compiler refuses '{graph.Name}':\n{string.Join('\n', outcome.Diagnostics)}");
    }

    /// <summary>A session with arrays full of values of its own.</summary>
    internal ReadySession CreateSession(int height, int width, int threads = 1, VectorWidth vectorWidth = VectorWidth.Best) =>
        new(_model.CreateSession(height, width, threads, vectorWidth));

    public void Dispose() => _model.Dispose();
}

/// <summary>A session and the arrays that it runs on: inputs uniform in 0..1 from a fixed seed.</summary>
internal sealed class ReadySession : IDisposable
{
    private readonly BloomSession _session;
    private readonly float[][] _inputs;
    private readonly float[][] _outputs;

    internal ReadySession(BloomSession session)
    {
        var random = new Random(1);
        _session = session;
        _inputs = [.. session.Inputs.Select(t => Enumerable.Range(0, t.Length).Select(_ => random.NextSingle()).ToArray())];
        _outputs = [.. session.Outputs.Select(t => new float[t.Length])];
    }

    /// <summary>The width that the session runs.</summary>
    internal VectorWidth VectorWidth => _session.VectorWidth;

    internal void Run() => _session.Run(_inputs, _outputs);

    public void Dispose() => _session.Dispose();
}
