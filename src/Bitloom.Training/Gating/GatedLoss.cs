using Bitloom.Training.Losses;
using Bitloom.Training.Networks;
using Bitloom.Training.State;

namespace Bitloom.Training.Gating;

/// <summary>
/// What DRNet makes small (arXiv 2106.02898, equations 4 to 8), from scores s and the logits z of every branch:
/// <code>
///   h = one-hot of argmax(s + noise)                  backward: softmax((s + noise) / temperature)
///   loss = (1 - every) * L(sum of h[j] z[j]) + every * mean over j of L(z[j]) + price(h)
///   gradient by z[j] = (1 - every) * h[j] L'(z chosen) + every / m * L'(z[j])
///   gradient by h[j] = (1 - every) * sum over classes of L'(z chosen) z[j], plus the price's
/// </code>
/// With every = 0 it is the paper's; the mean is ours, for small sets of pictures: else nothing trains a branch but the pictures that choose it.
/// </summary>
/// <param name="loss">L.</param>
/// <param name="price">The price of operations.</param>
/// <param name="branches">m.</param>
/// <param name="outputs">Classes.</param>
/// <param name="images">The most images of a batch.</param>
internal sealed class GatedLoss(Loss loss, OperationsLoss price, int branches, int outputs, int images)
{
    private readonly GumbelSoftmax[] _choices = [.. Enumerable.Range(0, images).Select(_ => new GumbelSoftmax(branches))];
    private readonly float[] _oneHot = new float[images * branches], _choiceGradient = new float[images * branches], _gradient = new float[outputs];

    /// <summary>The lower, the harder the soft choice.</summary>
    internal double Temperature { get; init; } = 1;

    /// <summary>Share of the mean loss of all branches, 0 to 1.</summary>
    internal double EveryBranch { get; init; }

    /// <summary>The loss of a batch that went forward; leaves the gradients of all outputs.</summary>
    /// <param name="predictor">m scores an image.</param>
    /// <param name="networks">The branches.</param>
    /// <param name="targets">The classes' numbers.</param>
    /// <param name="random">Where noise comes from.</param>
    /// <param name="noise">What it is multiplied by.</param>
    internal double Evaluate(TrainingNetwork predictor, IReadOnlyList<TrainingNetwork> networks, ReadOnlySpan<float> targets, CounterRandom random, double noise)
    {
        int count = predictor.Images;
        Span<float> oneHot = _oneHot.AsSpan(0, count * branches), choiceGradient = _choiceGradient.AsSpan(0, count * branches);
        oneHot.Clear();
        choiceGradient.Clear();
        double value = 0;
        for (int i = 0; i < count; i++)
        {
            int chosen = _choices[i].Choose(predictor.Output.Slice(i * branches, branches), random, noise, Temperature);
            oneHot[(i * branches) + chosen] = 1;
            value += EvaluateImage(networks, i, chosen, targets.Slice(i, 1), choiceGradient.Slice(i * branches, branches), count);
        }

        value += price.Evaluate(oneHot, choiceGradient);
        Span<float> scores = predictor.OutputGradient[..(count * branches)];
        scores.Clear();
        for (int i = 0; i < count; i++) _choices[i].Backward(choiceGradient.Slice(i * branches, branches), scores.Slice(i * branches, branches));
        return value;
    }

    private double EvaluateImage(IReadOnlyList<TrainingNetwork> networks, int image, int chosen, ReadOnlySpan<float> target, Span<float> choiceGradient, int count)
    {
        double value = 0;
        for (int j = 0; j < branches; j++)
        {
            Span<float> gradient = networks[j].OutputGradient.Slice(image * outputs, outputs);
            gradient.Clear();
            if (EveryBranch > 0) value += Share(EveryBranch / branches, Logits(networks[j], image), target, gradient, count);
        }

        value += Share(1 - EveryBranch, Logits(networks[chosen], image), target, _gradient, count);
        Span<float> chosenGradient = networks[chosen].OutputGradient.Slice(image * outputs, outputs);
        for (int c = 0; c < outputs; c++) chosenGradient[c] += _gradient[c];
        for (int j = 0; j < branches; j++)
        {
            ReadOnlySpan<float> logits = Logits(networks[j], image);
            double product = 0;
            for (int c = 0; c < outputs; c++) product += (double)_gradient[c] * logits[c];
            choiceGradient[j] += (float)product;
        }

        return value;
    }

    // A multiple of the loss of one image; its gradient is stored.
    private double Share(double factor, ReadOnlySpan<float> logits, ReadOnlySpan<float> target, Span<float> gradient, int count)
    {
        double value = factor * loss.Evaluate(logits, target, gradient, count);
        foreach (ref float g in gradient) g *= (float)factor;
        return value;
    }

    private ReadOnlySpan<float> Logits(TrainingNetwork network, int image) => network.Output.Slice(image * outputs, outputs);
}
