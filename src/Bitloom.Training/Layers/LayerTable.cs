using Bitloom.Compiler.Operators;

namespace Bitloom.Training.Layers;

/// <summary>Which layer trains which operator: the one place to add a new one.</summary>
internal static class LayerTable
{
    /// <exception cref="TrainingException">The operator has no gradient here.</exception>
    internal static Layer Create(LayerSource source) => source.Lifted.Node.Operator switch
    {
        Sign => new SignLayer(source),
        BinaryConv2d => new BinaryConvolutionLayer(source),
        Conv2d => new ConvolutionLayer(source),
        Affine => new AffineLayer(source),
        BatchNorm => new BatchNormLayer(source),
        Relu => new ReluLayer(source),
        LeakyRelu => new LeakyReluLayer(source),
        PRelu prelu => new RPReluLayer<PRelu>(source, null, prelu.Slope, null),
        RPRelu rprelu => new RPReluLayer<RPRelu>(source, rprelu.Shift, rprelu.Slope, rprelu.Offset),
        Add => new AddLayer(source),
        Subtract => new SubtractLayer(source),
        Scale => new ScaleLayer(source),
        PixelShuffle => new PixelShuffleLayer(source),
        SelectChannels => new SelectChannelsLayer(source),
        Concat => new ConcatLayer(source),
        ResizeNearest => new ResizeNearestLayer(source),
        ResizeBilinear => new ResizeBilinearLayer(source),
        _ => throw new TrainingException($"node '{source.Name}': {source.Lifted.Node.Operator.Kind} cannot be trained; train the graph as it was before passes rewrote it"),
    };
}
