using Bitloom.Training.State;

namespace Bitloom.Training.Gating;

/// <summary>
/// A choice of one among n scores that can be trained (Jang et al., ICLR 2017): forward the one-hot of the largest score with noise,
/// backward the derivative of <c>softmax((score + noise) / temperature)</c>. DRNet chooses a resolution so, GhostSR an offset.
/// </summary>
/// <param name="choices">n.</param>
public sealed class GumbelSoftmax(int choices)
{
    private readonly double[] _soft = new double[choices];
    private double _temperature = 1;

    /// <summary>n.</summary>
    public int Choices => choices;

    /// <summary>The index of the one-hot's 1 in the last <see cref="Choose"/>.</summary>
    public int Chosen { get; private set; }

    /// <summary>The soft choice of the last <see cref="Choose"/>: probabilities.</summary>
    public ReadOnlySpan<double> Soft => _soft;

    /// <summary>Draws n numbers of noise and chooses.</summary>
    /// <param name="scores">n scores, e.g. logits.</param>
    /// <param name="random">Where noise comes from.</param>
    /// <param name="noise">What Gumbel noise is multiplied by; GhostSR lets it fall every epoch. 0 chooses the largest score.</param>
    /// <param name="temperature">The lower, the harder the soft choice.</param>
    /// <returns>The index of the choice.</returns>
    public int Choose(ReadOnlySpan<float> scores, CounterRandom random, double noise = 1, double temperature = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, choices);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        _temperature = temperature;
        Chosen = 0;
        for (int i = 0; i < choices; i++)
        {
            _soft[i] = (scores[i] + (noise * random.NextGumbel())) / temperature;
            if (_soft[i] > _soft[Chosen]) Chosen = i;
        }

        double highest = _soft[Chosen], sum = 0;
        for (int i = 0; i < choices; i++) sum += _soft[i] = Math.Exp(_soft[i] - highest);
        for (int i = 0; i < choices; i++) _soft[i] /= sum;
        return Chosen;
    }

    /// <summary>
    /// Adds to the scores' gradient: <c>p[i] * (g[i] - sum of p[j] * g[j]) / temperature</c>, p the soft choice.
    /// </summary>
    /// <param name="gradient">The gradient by the choice, one a score.</param>
    /// <param name="scoreGradient">Receives the gradient by the scores.</param>
    public void Backward(ReadOnlySpan<float> gradient, Span<float> scoreGradient)
    {
        double mean = 0;
        for (int i = 0; i < choices; i++) mean += _soft[i] * gradient[i];
        for (int i = 0; i < choices; i++) scoreGradient[i] += (float)(_soft[i] * (gradient[i] - mean) / _temperature);
    }
}
