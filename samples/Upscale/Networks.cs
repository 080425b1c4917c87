using Bitloom;
using Samples;

namespace Upscale;

/// <summary>The networks that are compiled into this program from their descriptors.</summary>
internal static class Networks
{
    /// <summary>All of them, the usual one first.</summary>
    internal static readonly IReadOnlyList<PictureNetwork> All =
    [
        new("bbcu-s-x2", "2 times, binarized", 3, 2, BbcuX2.HaloRows, BbcuX2.ArenaBytesPerPixel, (height, width, threads) => BbcuX2.Create(height, width, threads)),
        new("bbcu-s-x4", "4 times, binarized", 3, 4, BbcuX4.HaloRows, BbcuX4.ArenaBytesPerPixel, (height, width, threads) => BbcuX4.Create(height, width, threads)),
        new("edsr-s-x2", "2 times, fp32", 3, 2, EdsrX2.HaloRows, EdsrX2.ArenaBytesPerPixel, (height, width, threads) => EdsrX2.Create(height, width, threads)),
        new("ghost-edsr-s-x2", "2 times, fp32, half of the features by shifts", 3, 2, GhostEdsrX2.HaloRows, GhostEdsrX2.ArenaBytesPerPixel, (height, width, threads) => GhostEdsrX2.Create(height, width, threads)),
    ];
}

[BloomModel("bbcu-s-x2.bloom")]
internal static partial class BbcuX2;

[BloomModel("bbcu-s-x4.bloom")]
internal static partial class BbcuX4;

[BloomModel("edsr-s-x2.bloom")]
internal static partial class EdsrX2;

[BloomModel("ghost-edsr-s-x2.bloom")]
internal static partial class GhostEdsrX2;
