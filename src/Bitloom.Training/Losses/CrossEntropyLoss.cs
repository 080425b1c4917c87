namespace Bitloom.Training.Losses;

/// <summary>
/// The mean over images of <c>-log softmax(scores)[class]</c>. The output has one score a class and one pixel; the target is the number
/// of the class. With <paramref name="smoothing"/> s the wanted probability is 1 - s, plus s shared by all classes.
/// </summary>
public sealed class CrossEntropyLoss(float smoothing = 0) : Loss
{
    /// <inheritdoc/>
    public override int TargetCount(int channels, int plane) => 1;

    /// <inheritdoc/>
    public override double Evaluate(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> gradient, int images)
    {
        int wanted = (int)target[0];
        if (wanted < 0 || wanted >= output.Length)
            throw new TrainingException(Invariant($"a target is class {wanted}, but the network has {output.Length} scores: classes are numbered from 0"));
        float highest = float.NegativeInfinity;
        foreach (float score in output) highest = Math.Max(highest, score);
        double sum = 0;
        foreach (float score in output) sum += Math.Exp(score - highest);

        double logarithm = highest + Math.Log(sum), loss = 0;
        for (int i = 0; i < output.Length; i++)
        {
            double probability = ((double)smoothing / output.Length) + (i == wanted ? 1 - smoothing : 0);
            gradient[i] = (float)((Math.Exp(output[i] - logarithm) - probability) / images);
            loss += probability * (logarithm - output[i]);
        }

        return loss / images;
    }
}
