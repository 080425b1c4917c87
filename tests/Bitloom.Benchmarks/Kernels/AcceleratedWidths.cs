using Bitloom.Runtime;

namespace Bitloom.Benchmarks.Kernels;

/// <summary>Widths that this machine runs on its own instructions, widest first.</summary>
internal static class AcceleratedWidths
{
    internal static VectorWidth[] All { get; } =
        [.. new[] { VectorWidth.Bits512, VectorWidth.Bits256, VectorWidth.Bits128 }.Where(VectorWidths.IsAccelerated)];
}
