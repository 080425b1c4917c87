using Bitloom.Training.Networks;

namespace Bitloom.Training.Layers;

/// <summary>What a layer works with while an image passes it: one image's tensors and one thread's memory.</summary>
/// <param name="arena">The image's tensors.</param>
/// <param name="parameters">Values of all parameters.</param>
/// <param name="gradients">This thread's gradients of all parameters.</param>
/// <param name="scratch">This thread's scratch memory.</param>
/// <param name="isTraining">False where the network runs as it will after training.</param>
internal readonly unsafe struct ImagePass(float* arena, float* parameters, float* gradients, float* scratch, bool isTraining)
{
    /// <summary>Values of all parameters.</summary>
    internal float* Parameters { get; } = parameters;

    /// <summary>This thread's gradients of all parameters: layers add to them.</summary>
    internal float* Gradients { get; } = gradients;

    /// <summary>Scratch memory of the size that the layer asked for.</summary>
    internal float* Scratch { get; } = scratch;

    /// <summary>False where the network runs as it will after training: batch norms use their running statistics.</summary>
    internal bool IsTraining { get; } = isTraining;

    /// <summary>A tensor's values.</summary>
    internal float* Value(TensorSlot tensor) => arena + tensor.Value;

    /// <summary>A tensor's gradient.</summary>
    internal float* Gradient(TensorSlot tensor) => arena + tensor.Gradient;
}
