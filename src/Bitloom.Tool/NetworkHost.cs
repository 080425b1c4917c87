using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Hosting;
using Bitloom.Runtime;

namespace Bitloom.Tool;

/// <summary>A network made runnable inside this process.</summary>
internal interface INetworkHost : IDisposable
{
    /// <summary>Makes a session for one size.</summary>
    /// <exception cref="ArgumentException">The network cannot take that size.</exception>
    BloomSession CreateSession(ImageSize size, int threads);
}

/// <summary>Runs the code that Bitloom emits, compiled in memory: only verbs that run a network come here, for it loads the C# compiler.</summary>
internal sealed class NetworkHost : INetworkHost
{
    private const string Namespace = "Bitloom.Hosted";
    private const string ClassName = "Network";

    private readonly HostedModel _model;
    private readonly VectorWidth _width;

    private NetworkHost(HostedModel model, VectorWidth width) => (_model, _width) = (model, width);

    /// <summary>Compiles a network for one vector width.</summary>
    /// <exception cref="BadInputException">The network cannot be compiled.</exception>
    internal static INetworkHost Load(ModelFile model, NetworkGraph graph, VectorWidth width, CancellationToken cancellation)
    {
        VectorWidth chosen = width == VectorWidth.Best ? SharedOptions.WidestHere() : width;
        var options = new EmissionOptions(Namespace, ClassName) { VectorWidths = [(int)chosen] };
        CompiledNetwork network = model.Unwrap(BloomCompiler.Compile(graph, options, cancellation));
        try
        {
            return new NetworkHost(HostedModel.Load(network, $"{Namespace}.{ClassName}", cancellation), chosen);
        }
        catch (EmittedCodeException failure)
        {
            throw new BadInputException(model.Path, failure.Message);
        }
    }

    /// <inheritdoc/>
    public BloomSession CreateSession(ImageSize size, int threads) => _model.CreateSession(size.Height, size.Width, threads, _width);

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
