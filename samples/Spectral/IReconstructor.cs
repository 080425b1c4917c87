namespace Spectral;

/// <summary>What makes a cube of a snapshot, for scenes of one size. B is 28 bands, H and W are the scene's height and width.</summary>
internal interface IReconstructor : IDisposable
{
    /// <summary>Reconstructs one scene.</summary>
    /// <param name="estimate">The initial estimate: B x H x W.</param>
    /// <param name="masks">The coded mask, once for each band: B x H x W.</param>
    /// <param name="cube">The result: B x H x W.</param>
    void Run(float[] estimate, float[] masks, float[] cube);
}

/// <summary>Makes a reconstructor for a size.</summary>
internal delegate IReconstructor ReconstructorFactory(int height, int width, int threads);
