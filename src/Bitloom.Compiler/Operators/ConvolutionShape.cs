using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>The shape rule that both convolutions share.</summary>
internal static class ConvolutionShape
{
    internal static InferredShape Infer(TensorShape input, string weight, EquatableArray<int> shape, Window window, int groups)
    {
        if (shape.Count != 4) return InferredShape.Fail($"'{weight}' has {shape.Count} dimensions: a convolution's weight has 4 (output channels, input channels a group, height, width)");
        if (groups < 1 || shape[0] % groups != 0) return InferredShape.Fail($"{groups} groups do not divide the {shape[0]} output channels of '{weight}'");
        if (shape[1] * groups != input.Channels) return InferredShape.Fail($"'{weight}' reads {shape[1]} x {groups} input channels, but the input has {input.Channels}");
        if (FindError(window) is { } error) return InferredShape.Fail(error);
        return new TensorShape(shape[0], window.OutputHeight(input.Height, shape[2]), window.OutputWidth(input.Width, shape[3]));
    }

    /// <summary>What is wrong with a window by itself, or null.</summary>
    internal static string? FindError(Window window) =>
        Math.Min(Math.Min(window.StrideY, window.StrideX), Math.Min(window.DilationY, window.DilationX)) < 1 ? "strides and dilations must be 1 or more"
        : Math.Min(Math.Min(window.PadTop, window.PadBottom), Math.Min(window.PadLeft, window.PadRight)) < 0 ? "padding must be 0 or more"
        : null;
}
