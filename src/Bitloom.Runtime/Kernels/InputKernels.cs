using System.Runtime.Intrinsics.X86;

namespace Bitloom.Runtime.Kernels;

/// <summary>The caller's dense tensors, as kernels take them that do not want planes.</summary>
public static unsafe class InputKernels
{
    /// <summary>Packs rows of every channel into a panel, one after the other without gaps.</summary>
    /// <param name="dense">Channels x height x width of <paramref name="from"/>, dense.</param>
    /// <param name="from">The tensor's size.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="first">First row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Pixels of a packed row, not fewer than the tensor has.</param>
    /// <param name="reflects">What stands beyond the tensor's rows and columns: true for the image reflected at its last pixel, false for zeros.</param>
    /// <param name="panel">A row of packed pixels for each channel.</param>
    /// <param name="stride">From one channel of the panel to the next.</param>
    public static void Pack(float* dense, PlaneGeometry from, int channels, int first, int rows, int width, bool reflects, float* panel, nint stride)
    {
        nint size = (nint)from.Height * from.Width;
        bool isWhole = width == from.Width && first + rows <= from.Height;
        for (int channel = 0; channel < channels; channel++, dense += size, panel += stride)
        {
            if (isWhole) Copy(dense + ((nint)first * width), rows * width, panel);
            else
                for (int row = 0; row < rows; row++) PaddedRow.Fill(dense, from.Height, from.Width, from.Width, first + row, left: 0, reflects, new Span<float>(panel + ((nint)row * width), width));
        }
    }

    // What follows is packed next, after some computing; as it lies in as many places as there are channels, no hardware prefetcher fetches it.
    private static void Copy(float* source, int count, float* target)
    {
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(target, count));
        if (!Sse.IsSupported) return;
        for (int at = count; at < 2 * count; at += 16) Sse.Prefetch1(source + at);
    }
}
