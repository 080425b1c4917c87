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
        Resize resize => SeparableTaps.Resize(source, resize),
        Multiply => new MultiplyLayer(source),
        LayerNorm => new LayerNormLayer(source),
        AveragePool pool => SeparableTaps.AveragePool(source, pool),
        MaxPool => new MaxPoolLayer(source),
        GlobalAveragePool => SeparableTaps.GlobalAveragePool(source),
        Pad pad => SeparableTaps.Pad(source, pad),
        PadToMultiple pad => SeparableTaps.PadToMultiple(source, pad),
        Crop crop => SeparableTaps.Crop(source, crop),
        CropLike => new CropLikeLayer(source),
        Shift => new ShiftLayer(source),
        Clip clip => new ScalarActivationLayer<Clip, ClipFunction>(source, new ClipFunction(clip.Least, clip.Most)),
        Sigmoid => new ScalarActivationLayer<Sigmoid, SigmoidFunction>(source, default),
        HardSigmoid hard => new ScalarActivationLayer<HardSigmoid, HardSigmoidFunction>(source, new HardSigmoidFunction(hard.Scale, hard.Bias)),
        HardSwish => new ScalarActivationLayer<HardSwish, HardSwishFunction>(source, default),
        _ => throw new TrainingException($"node '{source.Name}': {source.Lifted.Node.Operator.Kind} cannot be trained; {Advise(source.Lifted.Node.Operator)}"),
    };

    private static string Advise(Operator op) => op switch
    {
        Gate or ArgMax => "train the branches as graphs of their own over one set of parameters",
        Softmax => "end the graph at the scores, and use the loss of cross-entropy",
        Gelu => "its nearest relative with a gradient is HardSwish",
        _ => "train the graph as it was before passes rewrote it",
    };
}
