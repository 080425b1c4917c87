using Bitloom.Compiler.Operators;
using Bitloom.Training.Gating;
using Bitloom.Training.Kernels;
using Bitloom.Training.Networks;
using Bitloom.Training.Parameters;
using Bitloom.Training.State;

namespace Bitloom.Training.Layers;

/// <summary>
/// Channels moved by whole pixels. Where offsets are learned (GhostSR, arXiv 2101.08525, section 3.2), each group of channels with an
/// offset of its own has a score for every offset within reach. A step moves by the largest score with noise; the gradient by the one-hot
/// choice, <c>sum of g * shifted(x)</c> for every offset, goes to the scores through the softmax. Without noise, and in the frozen network,
/// the largest score decides.
/// </summary>
internal sealed unsafe class ShiftLayer : Layer<Shift>, IRandomLayer
{
    private readonly int _scores = -1, _reach;
    private readonly GumbelSoftmax[] _choices = [];
    private readonly int[] _settled = [];

    internal ShiftLayer(LayerSource source)
        : base(source)
    {
        string name = ParameterCollector.ShiftScoresOf(source.Name);
        if (!source.Parameters.Contains(name)) return;
        _reach = source.Settings.ShiftReach;
        _scores = source.Parameters.Find(name).Offset;
        _choices = [.. Enumerable.Range(0, ParameterCollector.OffsetsOf(Operator)).Select(_ => new GumbelSoftmax(Side * Side))];
        _settled = new int[_choices.Length];
    }

    internal override bool HasTrainedParameters => _choices.Length > 0;

    internal override bool ReadsInputs => HasTrainedParameters;

    private int Side => (2 * _reach) + 1;

    public void BeginStep(CounterRandom random, double noise)
    {
        for (int i = 0; i < _choices.Length; i++) _choices[i].Choose(ScoresOf(i), random, noise);
    }

    internal override void Prepare()
    {
        for (int i = 0; i < _settled.Length; i++)
        {
            ReadOnlySpan<float> scores = ScoresOf(i);
            _settled[i] = 0;
            for (int k = 1; k < scores.Length; k++)
                if (scores[k] > scores[_settled[i]]) _settled[i] = k;
        }
    }

    internal override void Forward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), y = pass.Value(Output);
        for (int c = 0; c < Output.Channels; c++, x += Output.Plane, y += Output.Plane)
        {
            (int rows, int columns) = OffsetOf(c, pass.IsTraining);
            new Span<float>(y, Output.Plane).Clear();
            for (int row = Math.Max(0, -rows); row < Math.Min(Output.Height, Output.Height - rows); row++)
                Elementwise.Copy(x + Start(row + rows, columns), y + Start(row, -columns), Shared(columns), accumulate: false);
        }
    }

    internal override void Backward(in ImagePass pass)
    {
        float* g = pass.Gradient(Output), x = pass.Value(Inputs[0]);
        TensorSlot input = Inputs[0];
        if (input.NeedsGradient && !Accumulates[0]) new Span<float>(pass.Gradient(input), input.Count).Clear();
        Span<float> products = stackalloc float[Side * Side];
        for (int c = 0; c < Output.Channels; c++, g += Output.Plane, x += Output.Plane)
        {
            if (input.NeedsGradient)
            {
                float* gx = pass.Gradient(input) + ((nint)c * Output.Plane);
                (int rows, int columns) = OffsetOf(c, pass.IsTraining);
                for (int row = Math.Max(0, -rows); row < Math.Min(Output.Height, Output.Height - rows); row++)
                    Elementwise.Copy(g + Start(row, -columns), gx + Start(row + rows, columns), Shared(columns), accumulate: true);
            }

            if (_choices.Length == 0) continue;
            for (int k = 0; k < products.Length; k++) products[k] = Product(g, x, (k / Side) - _reach, (k % Side) - _reach);
            int own = _choices.Length == 1 ? 0 : c;
            _choices[own].Backward(products, new Span<float>(pass.Gradients + _scores + (own * products.Length), products.Length));
        }
    }

    protected override Shift FreezeOperator()
    {
        if (_choices.Length == 0) return Operator;
        Prepare();
        return new Shift([.. _settled.Select(k => (k / Side) - _reach)], [.. _settled.Select(k => (k % Side) - _reach)]);
    }

    private ReadOnlySpan<float> ScoresOf(int index) => Parameters.Values.Slice(_scores + (index * Side * Side), Side * Side);

    private (int Rows, int Columns) OffsetOf(int channel, bool isTraining)
    {
        if (_choices.Length == 0) return Operator.Of(channel);
        int own = _choices.Length == 1 ? 0 : channel, chosen = isTraining ? _choices[own].Chosen : _settled[own];
        return ((chosen / Side) - _reach, (chosen % Side) - _reach);
    }

    private float Product(float* g, float* x, int rows, int columns)
    {
        float sum = 0;
        for (int row = Math.Max(0, -rows); row < Math.Min(Output.Height, Output.Height - rows); row++)
            sum += Elementwise.Dot(g + Start(row, -columns), x + Start(row + rows, columns), Shared(columns));
        return sum;
    }

    // The first pixel of a row that both have, where this one is moved by so many columns.
    private nint Start(int row, int columns) => ((nint)row * Output.Width) + Math.Max(0, Math.Min(columns, Output.Width));

    // Pixels of a row that both have.
    private int Shared(int columns) => Math.Max(0, Output.Width - Math.Abs(columns));
}
