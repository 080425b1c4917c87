using System.Runtime.Intrinsics;
using Bitloom.Compiler.Operators;
using Bitloom.Training.Kernels;

namespace Bitloom.Training.Layers;

/// <summary>
/// Batch normalisation over images and pixels (Ioffe and Szegedy, 2015): with n = (x - mean) / deviation, <c>y = n * gamma + beta</c> and
/// <c>gx = gamma / deviation * (g - mean(g) - n * mean(g * n))</c>. Running statistics follow with the settings' momentum, the variance
/// unbiased, as in PyTorch. In evaluation they take the place of the batch's.
/// </summary>
internal sealed unsafe class BatchNormLayer : Layer<BatchNorm>, IBatchWide
{
    private readonly int _gamma, _beta, _mean, _variance;
    private readonly float _momentum;
    private readonly float[] _batchMean, _inverseDeviation, _meanGradient, _meanProduct;
    private double[][] _first = [], _second = [];

    internal BatchNormLayer(LayerSource source)
        : base(source)
    {
        (_gamma, _beta, _mean, _variance) = (OffsetOf(Operator.Gamma), OffsetOf(Operator.Beta), OffsetOf(Operator.Mean), OffsetOf(Operator.Variance));
        _momentum = source.Settings.BatchNormMomentum;
        int channels = Output.Channels;
        (_batchMean, _inverseDeviation, _meanGradient, _meanProduct) = (new float[channels], new float[channels], new float[channels], new float[channels]);
    }

    public int ForwardRounds => 2;

    internal override bool HasTrainedParameters => true;

    internal override bool ReadsInputs => true;

    public void Attach(int parts)
    {
        _first = [.. Enumerable.Range(0, parts).Select(_ => new double[Output.Channels])];
        _second = [.. Enumerable.Range(0, parts).Select(_ => new double[Output.Channels])];
    }

    public void CollectForward(int round, in ImagePass pass, int part)
    {
        float* x = pass.Value(Inputs[0]);
        int plane = Output.Plane;
        for (int c = 0; c < Output.Channels; c++, x += plane)
            _first[part][c] += round == 0 ? Elementwise.Sum(x, plane) : SquaredDistance(x, _batchMean[c], plane);
    }

    public void CombineForward(int round, int images)
    {
        double count = (double)images * Output.Plane;
        for (int c = 0; c < Output.Channels; c++)
        {
            double sum = Take(_first, c);
            if (round == 0)
            {
                _batchMean[c] = (float)(sum / count);
                continue;
            }

            _inverseDeviation[c] = (float)(1 / Math.Sqrt((sum / count) + Operator.Epsilon));
            float* mean = Parameters.ValuesPointer + _mean + c, variance = Parameters.ValuesPointer + _variance + c;
            *mean += _momentum * (_batchMean[c] - *mean);
            *variance += _momentum * ((float)(sum / Math.Max(count - 1, 1)) - *variance);
        }
    }

    internal override void Forward(in ImagePass pass)
    {
        float* x = pass.Value(Inputs[0]), y = pass.Value(Output);
        int plane = Output.Plane;
        for (int c = 0; c < Output.Channels; c++, x += plane, y += plane)
        {
            float mean = pass.IsTraining ? _batchMean[c] : pass.Parameters[_mean + c];
            float inverse = pass.IsTraining ? _inverseDeviation[c] : (float)(1 / Math.Sqrt((double)pass.Parameters[_variance + c] + Operator.Epsilon));
            Elementwise.Map(x, y, plane, new Normal(mean, inverse * pass.Parameters[_gamma + c], pass.Parameters[_beta + c]));
        }
    }

    public void CollectBackward(in ImagePass pass, int part)
    {
        float* x = pass.Value(Inputs[0]), g = pass.Gradient(Output);
        int plane = Output.Plane;
        for (int c = 0; c < Output.Channels; c++, x += plane, g += plane)
        {
            float sum = Elementwise.Sum(g, plane);
            float product = Elementwise.Sum(x, g, plane, new CentredProduct(_batchMean[c])) * _inverseDeviation[c];
            _first[part][c] += sum;
            _second[part][c] += product;
            pass.Gradients[_beta + c] += sum;
            pass.Gradients[_gamma + c] += product;
        }
    }

    public void CombineBackward(int images)
    {
        double count = (double)images * Output.Plane;
        for (int c = 0; c < Output.Channels; c++)
        {
            _meanGradient[c] = (float)(Take(_first, c) / count);
            _meanProduct[c] = (float)(Take(_second, c) / count);
        }
    }

    internal override void Backward(in ImagePass pass)
    {
        if (!Inputs[0].NeedsGradient) return;
        float* x = pass.Value(Inputs[0]), g = pass.Gradient(Output), gx = pass.Gradient(Inputs[0]);
        int plane = Output.Plane;
        for (int c = 0; c < Output.Channels; c++, x += plane, g += plane, gx += plane)
        {
            float factor = pass.Parameters[_gamma + c] * _inverseDeviation[c];
            var function = new NormalGradient(_batchMean[c], _inverseDeviation[c] * _meanProduct[c], _meanGradient[c], factor);
            Elementwise.Map(x, g, gx, plane, function, Accumulates[0]);
        }
    }

    protected override BatchNorm FreezeOperator() => Operator with
    {
        Gamma = Freeze(Operator.Gamma),
        Beta = Freeze(Operator.Beta),
        Mean = Freeze(Operator.Mean),
        Variance = Freeze(Operator.Variance),
    };

    // The threads' sums in their order, cleared for the next round.
    private static double Take(double[][] parts, int channel)
    {
        double sum = 0;
        foreach (double[] part in parts)
        {
            sum += part[channel];
            part[channel] = 0;
        }

        return sum;
    }

    // Not through Sum: there 0 must map to 0, and what fills up the last vector would count.
    private static double SquaredDistance(float* x, float mean, int count)
    {
        Vector512<float> sum = Vector512<float>.Zero, centre = Vector512.Create(mean);
        int i = 0;
        for (; i <= count - Elementwise.Lanes; i += Elementwise.Lanes)
        {
            Vector512<float> distance = Vector512.Load(x + i) - centre;
            sum += distance * distance;
        }

        double total = Elementwise.SumLanes(sum);
        for (; i < count; i++) total += (double)(x[i] - mean) * (x[i] - mean);
        return total;
    }

    private readonly struct Normal(float mean, float factor, float beta) : IUnaryFunction
    {
        private readonly Vector512<float> _mean = Vector512.Create(mean), _factor = Vector512.Create(factor), _beta = Vector512.Create(beta);

        public Vector512<float> Apply(Vector512<float> x) => ((x - _mean) * _factor) + _beta;
    }

    // What fills up the last vector has g = 0.
    private readonly struct CentredProduct(float mean) : IBinaryFunction
    {
        private readonly Vector512<float> _mean = Vector512.Create(mean);

        public Vector512<float> Apply(Vector512<float> x, Vector512<float> g) => (x - _mean) * g;
    }

    private readonly struct NormalGradient(float mean, float slope, float meanGradient, float factor) : IBinaryFunction
    {
        private readonly Vector512<float> _mean = Vector512.Create(mean), _slope = Vector512.Create(slope);
        private readonly Vector512<float> _meanGradient = Vector512.Create(meanGradient), _factor = Vector512.Create(factor);

        public Vector512<float> Apply(Vector512<float> x, Vector512<float> g) => (g - _meanGradient - ((x - _mean) * _slope)) * _factor;
    }
}
