using Bitloom;

namespace Spectral;

/// <summary>BiSRNet, compiled into this program from its descriptor.</summary>
[BloomModel("bisrnet.bloom")]
internal static partial class SpectralNetwork;

/// <summary>The reconstruction of this program.</summary>
internal sealed class Network : IReconstructor
{
    private readonly SpectralNetwork.Session _session;

    private Network(SpectralNetwork.Session session) => _session = session;

    /// <inheritdoc/>
    public string Name => "bisrnet";

    /// <summary>Makes one for scenes of one size.</summary>
    /// <param name="height">Rows, 8 or more.</param>
    /// <param name="width">Pixels a row, 8 or more.</param>
    /// <param name="threads">Threads that share the work.</param>
    internal static IReconstructor Create(int height, int width, int threads) => new Network(SpectralNetwork.Create(height, width, threads));

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> estimate, ReadOnlySpan<float> masks, Span<float> cube) => _session.Run(estimate, masks, cube);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
