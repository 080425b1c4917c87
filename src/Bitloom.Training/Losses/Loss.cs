namespace Bitloom.Training.Losses;

/// <summary>What is made small: a function of the outputs and targets of a batch, a sum over images.</summary>
public abstract class Loss
{
    /// <summary>Target values of one image, for outputs of <paramref name="channels"/> x <paramref name="plane"/> values.</summary>
    public virtual int TargetCount(int channels, int plane) => channels * plane;

    /// <summary>An image's share of the sum, and its gradient.</summary>
    /// <param name="output">The network's output for one image.</param>
    /// <param name="target">What it should be.</param>
    /// <param name="gradient">Receives the derivative of the sum by the output.</param>
    /// <param name="images">Images of the batch.</param>
    public abstract double Evaluate(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> gradient, int images);

    /// <summary>The loss of the batch from the sum over its images.</summary>
    public virtual double Finish(double sum) => sum;

    /// <summary>The derivative of the loss by the sum, by which all gradients are multiplied.</summary>
    public virtual double Slope(double sum) => 1;
}
