using Bitloom.Training.Losses;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests;

/// <summary>Losses against their formulas, their gradients against finite differences, over batches of several images.</summary>
public class LossTests
{
    private const int Images = 3;

    /// <summary>Every loss of images.</summary>
    public static TheoryData<string> PixelLosses => ["l1", "charbonnier", "mse", "rmse"];

    [Theory]
    [MemberData(nameof(PixelLosses))]
    public void Pixel_losses(string name)
    {
        (Loss loss, Func<double[], double> formula) = name switch
        {
            "l1" => ((Loss)new L1Loss(), (Func<double[], double>)(d => d.Average(Math.Abs))),
            "charbonnier" => (new CharbonnierLoss(0.1f), d => d.Average(v => Math.Sqrt((v * v) + 0.01))),
            "mse" => (new MeanSquaredLoss(), d => d.Average(v => v * v)),
            _ => (new RootMeanSquaredLoss(), d => Math.Sqrt(d.Average(v => v * v))),
        };
        const int count = 37;
        float[] output = Random(1, count * Images), target = Random(2, count * Images);
        (double value, float[] gradient) = Evaluate(loss, output, target, count, count);
        Assert.Equal(formula(Differences(output, target)), value, 1e-6);
        for (int i = 0; i < output.Length; i += 5)
        {
            double[] above = Differences(output, target), below = Differences(output, target);
            (above[i], below[i]) = (above[i] + 1e-5, below[i] - 1e-5);
            Assert.Equal((formula(above) - formula(below)) / 2e-5, gradient[i], 1e-5);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1f)]
    public void Cross_entropy(float smoothing)
    {
        const int classes = 5;
        float[] output = [.. Random(3, classes * Images).Select(v => v * 4)], target = [2, 0, 4];
        double Formula(double[] scores)
        {
            double sum = 0;
            for (int image = 0; image < Images; image++)
            {
                double[] own = scores[(image * classes)..((image + 1) * classes)];
                double logarithm = Math.Log(own.Sum(Math.Exp));
                sum += own.Select((s, i) => ((smoothing / (double)classes) + (i == (int)target[image] ? 1 - smoothing : 0)) * (logarithm - s)).Sum();
            }

            return sum / Images;
        }

        (double value, float[] gradient) = Evaluate(new CrossEntropyLoss(smoothing), output, target, classes, 1);
        double[] scores = [.. output.Select(v => (double)v)];
        Assert.Equal(Formula(scores), value, 1e-6);
        for (int i = 0; i < output.Length; i++)
        {
            double[] above = [.. scores], below = [.. scores];
            (above[i], below[i]) = (above[i] + 1e-5, below[i] - 1e-5);
            Assert.Equal((Formula(above) - Formula(below)) / 2e-5, gradient[i], 1e-6);
        }
    }

    [Fact]
    public void A_class_that_does_not_exist_is_refused()
    {
        var error = Assert.Throws<TrainingException>(() => new CrossEntropyLoss().Evaluate([1, 2], [2], new float[2], 1));
        Assert.Contains("class 2, but the network has 2 scores", error.Message, StringComparison.Ordinal);
    }

    private static (double Value, float[] Gradient) Evaluate(Loss loss, float[] output, float[] target, int outputs, int targets)
    {
        var gradient = new float[output.Length];
        double sum = 0;
        for (int image = 0; image < Images; image++)
            sum += loss.Evaluate(output.AsSpan(image * outputs, outputs), target.AsSpan(image * targets, targets), gradient.AsSpan(image * outputs, outputs), Images);
        return (loss.Finish(sum), [.. gradient.Select(g => (float)(g * loss.Slope(sum)))]);
    }

    private static double[] Differences(float[] output, float[] target) => [.. output.Zip(target, (o, t) => (double)o - t)];

    private static float[] Random(ulong seed, int count)
    {
        var random = new CounterRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
    }
}
