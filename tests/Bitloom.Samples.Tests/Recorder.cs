using Spectral;

namespace Bitloom.Samples.Tests;

/// <summary>Stands in for the network: keeps what it is given and returns the estimate plus one.</summary>
internal sealed class Recorder : IReconstructor
{
    internal int Height { get; private set; }

    internal int Width { get; private set; }

    internal int Threads { get; private set; }

    internal float[] Estimate { get; private set; } = [];

    internal float[] Masks { get; private set; } = [];

    internal bool IsDisposed { get; private set; }

    /// <summary>The networks that the command is given.</summary>
    internal IReadOnlyList<SpectralNetwork> Networks => [new("recorder", Create), new("none", (_, _, _) => throw new InvalidOperationException("This network was not asked for."))];

    private Recorder Create(int height, int width, int threads)
    {
        (Height, Width, Threads) = (height, width, threads);
        return this;
    }

    public void Run(float[] estimate, float[] masks, float[] cube)
    {
        (Estimate, Masks) = ([.. estimate], [.. masks]);
        for (int i = 0; i < cube.Length; i++) cube[i] = estimate[i] + 1;
    }

    public void Dispose() => IsDisposed = true;
}
