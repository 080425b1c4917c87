using Bitloom.Compiler.Graph;
using Bitloom.Runtime;

namespace Bitloom.Tool;

/// <summary>Where a verb writes, and when it should stop.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">The one line about bad input, and progress.</param>
/// <param name="ShowsProgress">True where <paramref name="Error"/> is a terminal that someone watches.</param>
/// <param name="Cancellation">Cancelled by Ctrl-C.</param>
internal sealed record ToolContext(TextWriter Output, TextWriter Error, bool ShowsProgress, CancellationToken Cancellation)
{
    /// <summary>Makes networks runnable. Tests of the verbs put a slower host here that needs no C# compiler.</summary>
    internal Func<ModelFile, NetworkGraph, VectorWidth, CancellationToken, INetworkHost> LoadHost { get; init; } = NetworkHost.Load;

    /// <summary>Called with true where a verb wants to end by itself after Ctrl-C, to save its work, and with false after that.</summary>
    internal Action<bool> WaitsForVerb { get; init; } = _ => { };

    /// <summary>Compiles a network and loads it, under a line of progress.</summary>
    internal INetworkHost Load(ModelFile model, NetworkGraph graph, VectorWidth width) =>
        Progress($"compiling {model.Path}", () => LoadHost(model, graph, width, Cancellation));

    private const string ClearLine = "\r\x1b[K";

    /// <summary>Runs long work under a line that says what goes on, which is gone afterwards.</summary>
    internal T Progress<T>(string what, Func<T> work)
    {
        Cancellation.ThrowIfCancellationRequested();
        if (ShowsProgress) Error.Write($"{ClearLine}{what}...");
        try
        {
            return work();
        }
        finally
        {
            if (ShowsProgress) Error.Write(ClearLine);
        }
    }
}
