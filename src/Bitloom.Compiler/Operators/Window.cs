using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>How a kernel moves over an image: stride, zero padding and dilation, vertical before horizontal.</summary>
public sealed record Window(
    int StrideY = 1, int StrideX = 1,
    int PadTop = 0, int PadLeft = 0, int PadBottom = 0, int PadRight = 0,
    int DilationY = 1, int DilationX = 1)
{
    /// <summary>Stride 1 and equal padding on all four sides.</summary>
    public static Window Padded(int pad) => new(1, 1, pad, pad, pad, pad);

    /// <summary>Extent of the output of a kernel of <paramref name="size"/> rows over <paramref name="height"/> rows.</summary>
    public Extent OutputHeight(Extent height, int size) => Slide(height, size, StrideY, PadTop + PadBottom, DilationY);

    /// <summary>Extent of the output of a kernel of <paramref name="size"/> columns over <paramref name="width"/> columns.</summary>
    public Extent OutputWidth(Extent width, int size) => Slide(width, size, StrideX, PadLeft + PadRight, DilationX);

    // floor((e + pads - dilation * (size - 1) - 1) / stride) + 1, with the + 1 moved into the numerator.
    private static Extent Slide(Extent extent, int size, int stride, int pads, int dilation) =>
        extent.Derive(1, pads - (dilation * (size - 1)) - 1 + stride, stride);
}
