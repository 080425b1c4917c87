using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>The kernels of an fp32 convolution.</summary>
internal enum ConvKernel
{
    /// <summary>Planes are read where they lie, as one run of pixels.</summary>
    Direct,

    /// <summary>Pixels are packed first.</summary>
    Panels,

    /// <summary>Every output channel reads one input channel.</summary>
    Depthwise,
}

/// <summary>Chooses between the kernels of an fp32 convolution.</summary>
internal static class ConvKernels
{
    // Packing a value costs about as much as this many multiply-adds with it.
    private const int LeastOutputsToPack = 16;

    // Weights that stay in registers, and code that stays small.
    private const int MostDepthwiseTaps = 25;

    /// <summary>True where the direct kernel can compute it: a result for every pixel of the input.</summary>
    internal static bool KeepsSize(EquatableArray<int> kernel, Window window) =>
        window.StrideY == 1 && window.StrideX == 1
        && window.PadTop + window.PadBottom == window.DilationY * (kernel[2] - 1)
        && window.PadLeft + window.PadRight == window.DilationX * (kernel[3] - 1);

    /// <summary>
    /// The kernel for a convolution whose result is stored as floats. Packing panels pays where the direct kernel would compute gaps between
    /// rows, read wide windows of many channels from far apart planes, or take whole blocks of small images.
    /// </summary>
    internal static ConvKernel Choose(Conv2d conv, TensorShape output)
    {
        EquatableArray<int> kernel = conv.Weight.Shape;
        if (conv.Groups > 1 && kernel[1] == 1 && conv.Window.StrideX <= 2 && kernel[2] * kernel[3] <= MostDepthwiseTaps) return ConvKernel.Depthwise;
        if (!KeepsSize(kernel, conv.Window)) return ConvKernel.Panels;
        bool isFixed = output.Height is ConstantExtent && output.Width is ConstantExtent, isPoint = kernel[2] * kernel[3] == 1;
        return (isFixed || isPoint) && kernel[0] / conv.Groups >= LeastOutputsToPack ? ConvKernel.Panels : ConvKernel.Direct;
    }
}
