using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Training.Networks;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Layers;

/// <summary>What a layer is made from.</summary>
/// <param name="Lifted">The node, with its scale if it is a binary convolution.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Output">What it makes.</param>
/// <param name="Parameters">All parameters.</param>
/// <param name="Settings">How the network is trained.</param>
internal sealed record LayerSource(LiftedNode Lifted, TensorSlot[] Inputs, TensorSlot Output, ParameterSet Parameters, TrainingSettings Settings)
{
    internal string Name => Lifted.Node.Name;
}

/// <summary>An operator's value and gradients. Images pass one by one; several threads pass different images through one layer at once.</summary>
internal abstract unsafe class Layer(LayerSource source) : IDisposable
{
    /// <summary>The node's name.</summary>
    internal string Name { get; } = source.Name;

    /// <summary>What it reads.</summary>
    internal TensorSlot[] Inputs { get; } = source.Inputs;

    /// <summary>What it makes.</summary>
    internal TensorSlot Output { get; } = source.Output;

    /// <summary>For each input, true where a later layer has written its gradient already, so that this one adds.</summary>
    internal bool[] Accumulates { get; } = new bool[source.Inputs.Length];

    /// <summary>True where parameters of its own have gradients.</summary>
    internal virtual bool HasTrainedParameters => false;

    /// <summary>True where <see cref="Backward"/> reads the values of the inputs.</summary>
    internal virtual bool ReadsInputs => false;

    /// <summary>True where <see cref="Backward"/> reads the value of the output.</summary>
    internal virtual bool ReadsOutput => false;

    /// <summary>Floats of scratch memory that a thread needs.</summary>
    internal virtual long ScratchSize => 0;

    /// <summary>All parameters.</summary>
    protected ParameterSet Parameters { get; } = source.Parameters;

    /// <summary>Once before the images of a step: brings weights into the form that kernels read.</summary>
    internal virtual void Prepare()
    {
    }

    /// <summary>Computes the output of one image.</summary>
    internal abstract void Forward(in ImagePass pass);

    /// <summary>From the gradient of the output, computes those of the inputs that need one and adds to those of the parameters.</summary>
    internal abstract void Backward(in ImagePass pass);

    /// <summary>Once after the images of a step, when the gradients of all threads have been summed up.</summary>
    internal virtual void FinishGradients()
    {
    }

    /// <summary>The nodes that this layer is at inference, with the parameters' present values as constants.</summary>
    internal abstract IEnumerable<Node> Freeze();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>The constant's present value.</summary>
    protected FloatTensor Freeze(FloatTensor constant) => Parameters.Contains(constant.Name)
        ? constant with { Values = Compiler.EquatableArray.Create<float>(Parameters.ValuesOf(constant.Name)) }
        : constant;

    /// <summary>Where a constant's values start among all parameters'; -1 where there is no constant.</summary>
    protected int OffsetOf(FloatTensor? constant) => constant is null ? -1 : Parameters.Find(constant.Name).Offset;
}

/// <summary>A layer of one node of a known operator.</summary>
internal abstract class Layer<TOperator>(LayerSource source) : Layer(source)
    where TOperator : Operator
{
    private readonly Node _node = source.Lifted.Node;

    /// <summary>The operator with the constants that it began with.</summary>
    protected TOperator Operator { get; } = (TOperator)source.Lifted.Node.Operator;

    internal sealed override IEnumerable<Node> Freeze() => [_node with { Operator = FreezeOperator() }];

    /// <summary>The operator with the parameters' present values.</summary>
    protected virtual TOperator FreezeOperator() => Operator;
}
