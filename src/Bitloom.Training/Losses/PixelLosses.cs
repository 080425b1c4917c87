using System.Runtime.Intrinsics;
using Bitloom.Training.Kernels;

namespace Bitloom.Training.Losses;

/// <summary>A mean over all values of the batch of a function of the difference d of output and target.</summary>
public abstract unsafe class PixelLoss : Loss
{
    private protected PixelLoss()
    {
    }

    /// <summary>The sum of a function of the differences, and its derivatives times <paramref name="share"/>.</summary>
    private protected abstract double Sum(float* output, float* target, float* gradient, int count, float share);

    /// <inheritdoc/>
    public sealed override double Evaluate(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> gradient, int images)
    {
        double total = (double)images * output.Length;
        fixed (float* o = output, t = target, g = gradient) return Sum(o, t, g, output.Length, (float)(1 / total)) / total;
    }

    // A vector of sums for every few thousand values keeps single precision from losing small terms.
    private protected static double Sum<T>(float* output, float* target, float* gradient, int count, T function)
        where T : struct, IPixelFunction
    {
        double sum = 0;
        for (int start = 0; start < count; start += 4096)
        {
            Vector512<float> part = Vector512<float>.Zero;
            int end = Math.Min(count, start + 4096);
            for (int i = start; i < end; i += Elementwise.Lanes)
            {
                Vector512<float> difference = Elementwise.LoadPart(output + i, end - i) - Elementwise.LoadPart(target + i, end - i);
                Vector512<float> value = function.Apply(difference, out Vector512<float> derivative);
                if (end - i < Elementwise.Lanes) value = Elementwise.LoadPart((float*)&value, end - i);
                part += value;
                Elementwise.StorePart(derivative, gradient + i, end - i);
            }

            sum += Elementwise.SumLanes(part);
        }

        return sum;
    }

    private protected interface IPixelFunction
    {
        Vector512<float> Apply(Vector512<float> difference, out Vector512<float> derivative);
    }
}

/// <summary>L1: the mean of |d|; its derivative at 0 is 0.</summary>
public sealed unsafe class L1Loss : PixelLoss
{
    private protected override double Sum(float* output, float* target, float* gradient, int count, float share) =>
        Sum(output, target, gradient, count, new Magnitude(share));

    private readonly struct Magnitude(float share) : IPixelFunction
    {
        public Vector512<float> Apply(Vector512<float> difference, out Vector512<float> derivative)
        {
            Vector512<float> zero = Vector512<float>.Zero, positive = Vector512.Create(share);
            derivative = Vector512.ConditionalSelect(
                Vector512.GreaterThan(difference, zero), positive, Vector512.ConditionalSelect(Vector512.LessThan(difference, zero), -positive, zero));
            return Vector512.Abs(difference);
        }
    }
}

/// <summary>Charbonnier: the mean of <c>sqrt(d^2 + epsilon^2)</c>, a smooth L1 (Lai et al., CVPR 2017).</summary>
public sealed unsafe class CharbonnierLoss(float epsilon = 1e-3f) : PixelLoss
{
    private protected override double Sum(float* output, float* target, float* gradient, int count, float share) =>
        Sum(output, target, gradient, count, new Root(share, epsilon * epsilon));

    private readonly struct Root(float share, float squaredEpsilon) : IPixelFunction
    {
        public Vector512<float> Apply(Vector512<float> difference, out Vector512<float> derivative)
        {
            Vector512<float> root = Vector512.Sqrt((difference * difference) + Vector512.Create(squaredEpsilon));
            derivative = difference / root * share;
            return root;
        }
    }
}

/// <summary>The mean of d^2.</summary>
public unsafe class MeanSquaredLoss : PixelLoss
{
    private protected override double Sum(float* output, float* target, float* gradient, int count, float share) =>
        Sum(output, target, gradient, count, new Square(2 * share));

    private readonly struct Square(float twiceShare) : IPixelFunction
    {
        public Vector512<float> Apply(Vector512<float> difference, out Vector512<float> derivative)
        {
            derivative = difference * twiceShare;
            return difference * difference;
        }
    }
}

/// <summary>The root of the mean of d^2 over the whole batch (BiSRNet's).</summary>
public sealed class RootMeanSquaredLoss : MeanSquaredLoss
{
    /// <inheritdoc/>
    public override double Finish(double sum) => Math.Sqrt(sum);

    /// <inheritdoc/>
    public override double Slope(double sum) => sum > 0 ? 0.5 / Math.Sqrt(sum) : 0;
}
