using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Collects the operations of an epilogue and numbers its constants and operands.</summary>
internal sealed class EpilogueBuilder
{
    private readonly List<EpilogueOperation> _operations = [];
    private readonly List<FloatTensor> _constants = [];
    private readonly List<Operand> _operands = [];
    private readonly List<(string Tensor, EquatableArray<int> Channels)> _operandTensors = [];

    /// <summary>Tensors that operations combine with the running value.</summary>
    internal IEnumerable<(string Tensor, EquatableArray<int> Channels)> OperandTensors => _operandTensors;

    /// <summary>True where an operand is read around the pixel that is made.</summary>
    internal bool IsShifted(int slot) => _operands.Any(o => o.IsShifted && o.Slot == slot);

    /// <summary>True for elementwise operators of one tensor other than <see cref="Affine"/>.</summary>
    internal static bool IsActivation(Operator @operator) => @operator is PRelu or Relu or LeakyRelu or Clip or HardSigmoid or HardSwish or Sigmoid or Gelu;

    /// <summary>True for elementwise operators of two tensors.</summary>
    internal static bool CombinesTensors(Operator @operator) => @operator is Operators.Add or Subtract or Multiply;

    /// <summary>Appends an elementwise node whose input <paramref name="position"/> is the running value.</summary>
    internal void Add(Node node, int position, Func<string, (string Tensor, Operand Operand)> resolve)
    {
        switch (node.Operator)
        {
            case Affine { Scale: null, Bias: null }:
                break;
            case Affine affine:
                _operations.Add(new MultiplyAddOperation(Constant(affine.Scale), Constant(affine.Bias)));
                break;
            case PRelu activation:
                _operations.Add(new PReluOperation(Constant(activation.Slope)!.Value, activation.Slope.Values.All(s => s is <= 1 and not 0)));
                break;
            case Relu:
                _operations.Add(new LeakyReluOperation(0));
                break;
            case LeakyRelu activation:
                _operations.Add(new LeakyReluOperation(activation.Slope));
                break;
            case Operators.Add:
                _operations.Add(new AddOperation(Operand(resolve(node.Inputs[1 - position]))));
                break;
            case Subtract:
                _operations.Add(new SubtractOperation(Operand(resolve(node.Inputs[1 - position])), Reversed: position == 1));
                break;
            case Multiply:
                _operations.Add(new MultiplyOperation(Operand(resolve(node.Inputs[1 - position]))));
                break;
            case Clip clip:
                _operations.Add(new ClipOperation(clip.Least, clip.Most));
                break;
            case HardSigmoid activation:
                _operations.Add(new HardSigmoidOperation(activation.Scale, activation.Bias, IsGate: false));
                break;
            case HardSwish:
                _operations.Add(new HardSigmoidOperation(1f / 6, 0.5f, IsGate: true));
                break;
            case Sigmoid:
                _operations.Add(new SigmoidOperation());
                break;
            case Gelu:
                _operations.Add(new GeluOperation());
                break;
            default:
                throw new InvalidOperationException($"{node.Operator.Kind} is not elementwise.");
        }
    }

    /// <summary>Appends the scale and bias with which a normalisation ends.</summary>
    internal void AddAffine(FloatTensor scale, FloatTensor bias) => _operations.Add(new MultiplyAddOperation(Constant(scale), Constant(bias)));

    /// <summary>Appends a convolution's bias.</summary>
    internal void AddBias(FloatTensor bias) => _operations.Add(new MultiplyAddOperation(null, Constant(bias)));

    /// <summary>Index of a per-channel constant, each value <paramref name="copies"/> times; null for none.</summary>
    internal int? Constant(FloatTensor? tensor, int copies = 1)
    {
        if (tensor is null) return null;
        _constants.Add(copies == 1 ? tensor : FloatTensor.Vector(tensor.Name, tensor.Values.SelectMany(v => Enumerable.Repeat(v, copies)).ToArray()));
        return _constants.Count - 1;
    }

    internal Epilogue Build(FloatStore? store, IEnumerable<SignStore> signs, ShuffleStore? shuffle = null) =>
        new(_operations.ToEquatableArray(), _constants.ToEquatableArray(), _operands.ToEquatableArray(), store, signs.ToEquatableArray(), shuffle);

    private int Operand((string Tensor, Operand Operand) operand)
    {
        _operandTensors.Add((operand.Tensor, operand.Operand.Channels));
        _operands.Add(operand.Operand);
        return _operands.Count - 1;
    }
}
