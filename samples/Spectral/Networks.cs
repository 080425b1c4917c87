using Bitloom;
using Bitloom.Runtime;

namespace Spectral;

/// <summary>A network that reconstructs cubes.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Create">Makes it for scenes of one size.</param>
internal sealed record SpectralNetwork(string Name, ReconstructorFactory Create);

/// <summary>The networks that are compiled into this program from their descriptors.</summary>
internal static class Networks
{
    /// <summary>All of them, the usual one first.</summary>
    internal static readonly IReadOnlyList<SpectralNetwork> All =
    [
        new("bisrnet", (height, width, threads) => new Reconstructor(BiSrNet.Create(height, width, threads))),
        new("bisrnet-s", (height, width, threads) => new Reconstructor(SmallBiSrNet.Create(height, width, threads))),
    ];

    private sealed class Reconstructor(BloomSession session) : IReconstructor
    {
        public void Run(float[] estimate, float[] masks, float[] cube) => session.Run([estimate, masks], [cube]);

        public void Dispose() => session.Dispose();
    }
}

[BloomModel("bisrnet.bloom")]
internal static partial class BiSrNet;

[BloomModel("bisrnet-s.bloom")]
internal static partial class SmallBiSrNet;
