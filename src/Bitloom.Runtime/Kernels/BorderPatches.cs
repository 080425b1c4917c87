using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bitloom.Runtime.Kernels;

/// <summary>Kernel rows and columns that fall inside the image for a pixel near the border; both ends included.</summary>
public readonly record struct BorderClass(int FirstRow, int LastRow, int FirstColumn, int LastColumn)
{
    /// <summary>True where the tap reads the image, false where it reads padding.</summary>
    public bool Contains(int row, int column) => row >= FirstRow && row <= LastRow && column >= FirstColumn && column <= LastColumn;
}

/// <summary>Pixels of one class near the border among 16 neighbouring ones, whose sums lie together.</summary>
/// <param name="pixel">First of the 16 in a block.</param>
/// <param name="wordOffset">Offset of its sum where sums are in the order of the byte interleaving.</param>
/// <param name="borderClass">Index of the class.</param>
/// <param name="pixels">Which of them: -1, others 0.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly struct BorderPatch(int pixel, int wordOffset, int borderClass, Vector256<short> pixels)
{
    /// <summary>Pixels that a patch is taken from.</summary>
    public const int Group = 16;

    /// <summary>First of the 16 pixels in a block, and offset within sums that are in order.</summary>
    public readonly ushort Pixel = (ushort)pixel;

    /// <summary>Offset within the block's sums where these are in the order of the byte interleaving.</summary>
    public readonly ushort WordOffset = (ushort)wordOffset;

    /// <summary>Index of the class.</summary>
    public readonly ushort Class = (ushort)borderClass;

    /// <summary>-1 for the pixels of the class, else 0.</summary>
    public readonly Vector256<short> Pixels = pixels;

    /// <summary>The pixels as bytes: all ones for those of the class.</summary>
    public Vector128<byte> PixelBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Narrow(Pixels.GetLower().AsUInt16(), Pixels.GetUpper().AsUInt16());
    }
}

/// <summary>
/// The pixels of a plane whose window reaches over the border, in patches, block by block, for one kernel window and vector width. Layers of
/// equal geometry share one instance. Lives outside the managed heap so that kernels read it by pointer.
/// </summary>
public sealed unsafe class BorderPatches : IDisposable
{
    private readonly NativeBuffer _memory;

    /// <summary>Lists the patches of a plane.</summary>
    /// <param name="geometry">The plane.</param>
    /// <param name="kernelHeight">Kernel rows.</param>
    /// <param name="kernelWidth">Kernel columns.</param>
    /// <param name="padTop">Rows of the kernel above the pixel, times dilation.</param>
    /// <param name="padLeft">Columns of the kernel left of the pixel, times dilation.</param>
    /// <param name="dilationY">Rows between kernel rows.</param>
    /// <param name="dilationX">Columns between kernel columns.</param>
    /// <param name="vectorBytes">Bytes a vector of the kernel that will read the list.</param>
    public BorderPatches(PlaneGeometry geometry, int kernelHeight, int kernelWidth, int padTop, int padLeft, int dilationY, int dilationX, int vectorBytes)
    {
        (KernelHeight, KernelWidth) = (kernelHeight, kernelWidth);
        var rows = Ranges(geometry.Height, kernelHeight, padTop, dilationY);
        var columns = Ranges(geometry.Width, kernelWidth, padLeft, dilationX);
        var full = new BorderClass(0, kernelHeight - 1, 0, kernelWidth - 1);
        var classes = new List<BorderClass>();
        var patches = new List<BorderPatch>();
        int blockPixels = vectorBytes * 8, blocks = geometry.Blocks * (PlaneGeometry.BlockPixels / blockPixels);
        _memory = new NativeBuffer((blocks + 1L) * sizeof(int));
        Starts = (int*)_memory.Pointer;
        int block = 0;
        for (int y = 0; y < geometry.Height; y++)
        {
            bool wholeRow = rows[y] == (0, kernelHeight - 1);
            for (int x = 0; x < geometry.Width; x++)
            {
                // Between the left and the right border of an inner row there is nothing to do.
                if (wholeRow && columns[x] == (0, kernelWidth - 1) && x > padLeft && x < geometry.Width - (kernelWidth * dilationX))
                {
                    x = geometry.Width - (kernelWidth * dilationX) - 1;
                    continue;
                }

                var border = new BorderClass(rows[y].First, rows[y].Last, columns[x].First, columns[x].Last);
                if (border == full) continue;
                int index = classes.IndexOf(border), pixel = (y * geometry.Pitch) + x;
                if (index < 0)
                {
                    index = classes.Count;
                    classes.Add(border);
                }

                while (block < pixel / blockPixels) Starts[++block] = patches.Count;
                Add(patches, Starts[block], pixel % blockPixels, index, vectorBytes);
            }
        }

        while (block < blocks) Starts[++block] = patches.Count;
        Classes = [.. classes];
        Memory = new NativeBuffer(Math.Max(1, patches.Count) * (long)sizeof(BorderPatch));
        Patches = (BorderPatch*)Memory.Pointer;
        CollectionsMarshal.AsSpan(patches).CopyTo(new Span<BorderPatch>(Patches, patches.Count));
    }

    /// <summary>Kernel rows.</summary>
    public int KernelHeight { get; }

    /// <summary>Kernel columns.</summary>
    public int KernelWidth { get; }

    /// <summary>The classes that occur.</summary>
    public IReadOnlyList<BorderClass> Classes { get; }

    /// <summary>For every block the index of its first patch; one more entry at the end.</summary>
    public int* Starts { get; }

    /// <summary>All patches, by block.</summary>
    public BorderPatch* Patches { get; }

    private NativeBuffer Memory { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        Memory.Dispose();
    }

    /// <summary>
    /// Where a pixel's sum stands: kernels leave the sums of 16 neighbouring pixels together, and the groups of 16 in the order
    /// in which the byte interleaving within 128-bit lanes makes them.
    /// </summary>
    public static int WordOffset(int pixel, int vectorBytes)
    {
        int group = pixel >> 4;
        return ((group & 7) * vectorBytes) + ((group >> 3) * 16) + (pixel & 15);
    }

    // Adds a pixel to the patch of its group and class, among those of its block.
    private static void Add(List<BorderPatch> patches, int first, int pixel, int borderClass, int vectorBytes)
    {
        int lane = pixel % BorderPatch.Group, group = pixel - lane;
        int at = patches.FindIndex(first, p => p.Pixel == group && p.Class == borderClass);
        if (at < 0)
        {
            at = patches.Count;
            patches.Add(new BorderPatch(group, WordOffset(group, vectorBytes), borderClass, Vector256<short>.Zero));
        }

        patches[at] = new BorderPatch(group, patches[at].WordOffset, borderClass, patches[at].Pixels.WithElement(lane, (short)-1));
    }

    // First and last kernel index inside the image, for every position along one axis; an empty range where there is none.
    private static (int First, int Last)[] Ranges(int size, int kernel, int pad, int dilation)
    {
        var ranges = new (int First, int Last)[size];
        for (int position = 0; position < size; position++)
        {
            int first = 0, last = kernel - 1;
            while (first <= last && position - pad + (first * dilation) < 0) first++;
            while (last >= first && position - pad + (last * dilation) >= size) last--;
            ranges[position] = (first, last);
        }

        return ranges;
    }
}
