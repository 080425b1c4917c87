using System.Globalization;

namespace Bitloom.Benchmarks.Kernels;

/// <summary>A binary layer of BiSRNet (arXiv 2305.10299) for scenes of 256 x 256.</summary>
/// <param name="Kernel">Rows and columns of the kernel.</param>
/// <param name="Channels">Channels in and out.</param>
/// <param name="Groups">Groups of channels.</param>
/// <param name="Size">Rows and columns of the image.</param>
internal sealed record SpectralShape(int Kernel, int Channels, int Groups, int Size)
{
    /// <summary>
    /// The halves of changes of width (1 x 1), of changes of size (3 x 3), and the convolutions of 4 channels a group.
    /// </summary>
    internal static SpectralShape[] All { get; } =
    [
        new(1, 28, 1, 256), new(1, 56, 1, 256), new(1, 112, 1, 128), new(1, 224, 1, 64),
        new(3, 28, 1, 256), new(3, 56, 1, 128), new(3, 112, 1, 64),
        new(3, 112, 28, 256), new(3, 224, 56, 128), new(3, 448, 112, 64),
    ];

    /// <summary>The unit of the emitted kernels: an output for 512 pixels.</summary>
    internal double Outputs => Channels * (Size * Size / 512.0);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kernel}x{Kernel}, {Channels} to {Channels}{(Groups > 1 ? $" in {Groups} groups" : "")}, {Size} x {Size}");
}
