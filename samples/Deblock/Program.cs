using Bitloom;
using Samples;

namespace Deblock;

/// <summary>The <c>deblock</c> command: a strongly compressed JPEG in, a picture without blocks out.</summary>
internal static class Program
{
    /// <summary>The command.</summary>
    internal static readonly PictureCommand Command = new(
        "deblock",
        "Removes blocks and ringing of JPEG compression with the binarized network bbcu-deblock-s, which knows the luma of quality 20.",
        [new("bbcu-deblock-s", "quality 20", 1, 1, Deblocker.HaloRows, Deblocker.ArenaBytesPerPixel, (height, width, threads) => Deblocker.Create(height, width, threads))]);

    private static int Main(string[] arguments) => Command.RunOnConsole(arguments);
}

/// <summary>The network, compiled into this program from its descriptor.</summary>
[BloomModel("bbcu-deblock-s.bloom")]
internal static partial class Deblocker;
