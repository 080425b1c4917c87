using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Chooses between the kernels of an fp32 convolution.</summary>
internal static class ConvKernels
{
    // Packing a value costs about as much as this many multiply-adds with it.
    private const int LeastOutputsToPack = 16;

    /// <summary>True where the direct kernel can compute it: a result for every pixel of the input.</summary>
    internal static bool KeepsSize(EquatableArray<int> kernel, Window window) =>
        window.StrideY == 1 && window.StrideX == 1
        && window.PadTop + window.PadBottom == window.DilationY * (kernel[2] - 1)
        && window.PadLeft + window.PadRight == window.DilationX * (kernel[3] - 1);

    /// <summary>
    /// True where packing panels pays: a direct kernel computes the gaps between rows too, reads wide windows of many channels from far
    /// apart planes, and takes whole blocks of small images.
    /// </summary>
    internal static bool PrefersPanels(Conv2d conv, TensorShape output)
    {
        if (!KeepsSize(conv.Weight.Shape, conv.Window)) return true;
        bool isFixed = output.Height is ConstantExtent && output.Width is ConstantExtent, isPoint = conv.Weight.Shape[2] * conv.Weight.Shape[3] == 1;
        return (isFixed || isPoint) && conv.Weight.Shape[0] / conv.Groups >= LeastOutputsToPack;
    }
}
