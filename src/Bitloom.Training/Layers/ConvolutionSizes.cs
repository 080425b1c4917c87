using Bitloom.Compiler;
using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;

namespace Bitloom.Training.Layers;

/// <summary>Sizes of both kinds of convolution.</summary>
internal static class ConvolutionSizes
{
    internal static ConvolutionSize Of(LayerSource source, EquatableArray<int> weight, Window window, int groups) => new(
        source.Inputs[0].Channels, source.Inputs[0].Height, source.Inputs[0].Width,
        weight[0], weight[2], weight[3], window, groups, source.Output.Height, source.Output.Width);
}
