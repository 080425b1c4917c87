using Bitloom;

namespace Upscale;

/// <summary>The network, compiled into this program from its descriptor: doubles the width and height of RGB photographs.</summary>
[BloomModel("bbcu-s-x2.bloom")]
internal static partial class Upscaler
{
    /// <summary>Output pixels for one input pixel, along each side.</summary>
    internal const int Scale = 2;
}
