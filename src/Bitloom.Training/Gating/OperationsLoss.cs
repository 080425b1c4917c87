namespace Bitloom.Training.Gating;

/// <summary>
/// DRNet's price of computation (arXiv 2106.02898, equation 7): <c>weight * max(0, (mean(F) - target) / (max(F) - min(F)))</c>, F the
/// operations of the resolution chosen for each image of the batch.
/// </summary>
/// <param name="operations">Operations at each resolution.</param>
/// <param name="target">Operations an image that cost nothing.</param>
/// <param name="weight">eta; the paper's is 0.1 to 0.2.</param>
public sealed class OperationsLoss(IReadOnlyList<double> operations, double target, double weight)
{
    private readonly double _span = Math.Max(operations.Max() - operations.Min(), double.Epsilon);

    /// <summary>The price of a batch.</summary>
    /// <param name="choices">images x resolutions one-hot choices.</param>
    /// <param name="gradient">Receives the gradient by the choices, as many: added.</param>
    public double Evaluate(ReadOnlySpan<float> choices, Span<float> gradient)
    {
        int images = choices.Length / operations.Count;
        double mean = 0;
        for (int i = 0; i < choices.Length; i++) mean += choices[i] * operations[i % operations.Count] / images;
        double excess = (mean - target) / _span;
        if (excess <= 0) return 0;
        for (int i = 0; i < choices.Length; i++) gradient[i] += (float)(weight * operations[i % operations.Count] / images / _span);
        return weight * excess;
    }
}
