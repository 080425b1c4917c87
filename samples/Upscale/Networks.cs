using Bitloom;
using Samples;

namespace Upscale;

/// <summary>The networks that are compiled into this program from their descriptors.</summary>
internal static class Networks
{
    internal static readonly IReadOnlyList<PictureNetwork> All =
    [
        new("bbcu-s-x2", "twice, a binarized network", 3, 2, BbcuTwice.HaloRows, BbcuTwice.ArenaBytesPerPixel, (height, width, threads) => BbcuTwice.Create(height, width, threads)),
    ];
}

[BloomModel("bbcu-s-x2.bloom")]
internal static partial class BbcuTwice;
