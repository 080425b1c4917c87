using Bitloom;
using Samples;

namespace Denoise;

/// <summary>The <c>denoise</c> command: a noisy photograph in, a clean one out.</summary>
internal static class Program
{
    /// <summary>The command.</summary>
    internal static readonly PictureCommand Command = new(
        "denoise",
        "Removes noise from a photograph with the binarized network bbcu-denoise-s, which knows Gaussian noise of sigma 25 (of 255).",
        [new("bbcu-denoise-s", "sigma 25", 3, 1, Denoiser.HaloRows, Denoiser.ArenaBytesPerPixel, (height, width, threads) => Denoiser.Create(height, width, threads))]);

    private static int Main(string[] arguments) => Command.RunOnConsole(arguments);
}

/// <summary>The network, compiled into this program from its descriptor.</summary>
[BloomModel("bbcu-denoise-s.bloom")]
internal static partial class Denoiser;
