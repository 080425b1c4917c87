using Bitloom.Runtime;

namespace Bitloom.Training.Networks;

/// <summary>What the caller gives and receives, for all images of a batch.</summary>
internal sealed unsafe class BatchBuffers : IDisposable
{
    private readonly NativeBuffer[] _inputs, _inputGradients;
    private readonly NativeBuffer _target, _output, _outputGradient;

    internal BatchBuffers(LayerChain chain, TrainingShape shape)
    {
        NativeBuffer Make(TensorSlot tensor) => new((long)shape.Batch * tensor.Count * sizeof(float));
        _inputs = [.. chain.Inputs.Select(Make)];
        _inputGradients = shape.KeepsInputGradients ? [.. chain.Inputs.Select(Make)] : [];
        (_target, _output, _outputGradient) = (Make(chain.Output), Make(chain.Output), Make(chain.Output));
    }

    /// <summary>Target values of an image.</summary>
    internal int TargetStride { get; set; }

    internal Span<float> Target => Span(_target);

    internal Span<float> Output => Span(_output);

    internal Span<float> OutputGradient => Span(_outputGradient);

    internal float* TargetPointer => (float*)_target.Pointer;

    internal float* OutputPointer => (float*)_output.Pointer;

    internal float* OutputGradientPointer => (float*)_outputGradient.Pointer;

    internal Span<float> InputOf(int index) => Span(_inputs[index]);

    internal Span<float> InputGradientOf(int index) => _inputGradients.Length > 0
        ? Span(_inputGradients[index]) : throw new InvalidOperationException("Gradients of inputs are not computed: set KeepsInputGradients of the shape.");

    internal float* InputPointer(int index) => (float*)_inputs[index].Pointer;

    /// <summary>Null where gradients of inputs are not wanted.</summary>
    internal float* InputGradientPointer(int index) => _inputGradients.Length > 0 ? (float*)_inputGradients[index].Pointer : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer buffer in (NativeBuffer[])[.. _inputs, .. _inputGradients, _target, _output, _outputGradient]) buffer.Dispose();
    }

    private static Span<float> Span(NativeBuffer buffer) => new(buffer.Pointer, checked((int)(buffer.Bytes / sizeof(float))));
}
