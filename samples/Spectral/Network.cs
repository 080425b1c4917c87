namespace Spectral;

/// <summary>The reconstruction of this program: the snapshot's initial estimate as it is.</summary>
internal sealed class Network : IReconstructor
{
    /// <inheritdoc/>
    public string Name => "initial estimate";

    /// <summary>Makes one; any size will do.</summary>
    internal static IReconstructor Create(int height, int width, int threads) => new Network();

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> estimate, ReadOnlySpan<float> masks, Span<float> cube) => estimate.CopyTo(cube);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
