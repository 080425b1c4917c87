using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter.Evaluators;

namespace Bitloom.ReferenceInterpreter;

/// <summary>Which method computes which operator: the one place to add a new one.</summary>
internal static class OperatorTable
{
    /// <summary>Applies an operator to operands of fitting shapes.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">Its operands.</param>
    /// <param name="sizes">Values of the free sizes.</param>
    internal static Tensor Evaluate(Operator op, Tensor[] inputs, IReadOnlyDictionary<string, int> sizes) => op switch
    {
        Sign => SignEvaluator.Evaluate(inputs[0]),
        BinaryConv2d convolution => BinaryConv2dEvaluator.Evaluate(convolution, inputs[0]),
        Conv2d convolution => Conv2dEvaluator.Evaluate(convolution, inputs[0]),
        WinogradConv2d { Ghosts: null } winograd => Conv2dEvaluator.Evaluate(winograd.ToConv2d(), inputs[0]),
        WinogradConv2d winograd => Conv2dEvaluator.Evaluate(winograd.ToConv2d(), BorderEvaluator.ShiftedChannels(winograd.Ghosts, inputs[0])),
        Affine affine => AffineEvaluator.Evaluate(affine, inputs[0]),
        BatchNorm norm => BatchNormEvaluator.Evaluate(norm, inputs[0]),
        Relu => ActivationEvaluator.Relu(inputs[0]),
        LeakyRelu activation => ActivationEvaluator.LeakyRelu(activation, inputs[0]),
        PRelu activation => ActivationEvaluator.PRelu(activation, inputs[0]),
        RPRelu activation => ActivationEvaluator.RPRelu(activation, inputs[0]),
        Add => ArithmeticEvaluator.Add(inputs[0], inputs[1]),
        Subtract => ArithmeticEvaluator.Subtract(inputs[0], inputs[1]),
        Multiply => ArithmeticEvaluator.Multiply(inputs[0], inputs[1]),
        Scale scale => ArithmeticEvaluator.Scale(scale, inputs[0]),
        PixelShuffle shuffle => RearrangementEvaluator.PixelShuffle(shuffle, inputs[0]),
        Subsample subsample => RearrangementEvaluator.Subsample(subsample, inputs[0], sizes),
        SelectChannels select => RearrangementEvaluator.SelectChannels(select, inputs[0]),
        Concat => RearrangementEvaluator.Concat(inputs),
        ResizeNearest resize => ResizeEvaluator.Nearest(resize, inputs[0]),
        ResizeBilinear resize => ResizeEvaluator.Bilinear(resize, inputs[0]),
        Resize resize => ResampleEvaluator.Evaluate(resize, inputs[0]),
        Clip clip => ActivationEvaluator.Clip(clip, inputs[0]),
        Sigmoid => ActivationEvaluator.Sigmoid(inputs[0]),
        HardSigmoid activation => ActivationEvaluator.HardSigmoid(activation, inputs[0]),
        HardSwish => ActivationEvaluator.HardSwish(inputs[0]),
        Gelu => ActivationEvaluator.Gelu(inputs[0]),
        LayerNorm norm => LayerNormEvaluator.Evaluate(norm, inputs[0]),
        AveragePool pool => PoolingEvaluator.Average(pool, inputs[0]),
        MaxPool pool => PoolingEvaluator.Maximum(pool, inputs[0]),
        GlobalAveragePool => PoolingEvaluator.Global(inputs[0]),
        Pad pad => BorderEvaluator.Pad(pad, inputs[0]),
        PadToMultiple pad => BorderEvaluator.PadToMultiple(pad, inputs[0]),
        Crop crop => BorderEvaluator.Crop(crop, inputs[0]),
        CropLike => BorderEvaluator.CropLike(inputs[0], inputs[1]),
        Shift shift => BorderEvaluator.Shift(shift, inputs[0]),
        ShiftedChannels choice => BorderEvaluator.ShiftedChannels(choice, inputs[0]),
        ArgMax => ChoiceEvaluator.ArgMax(inputs[0]),
        Softmax => ChoiceEvaluator.Softmax(inputs[0]),
        Gate => ChoiceEvaluator.Gate(inputs),
        _ => throw new NotSupportedException($"The interpreter does not know '{op.Kind}': add it to {nameof(OperatorTable)}."),
    };
}
