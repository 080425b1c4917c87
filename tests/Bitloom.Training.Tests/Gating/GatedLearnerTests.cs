using Bitloom.Compiler.Graph;
using Bitloom.Import.Architectures;
using Bitloom.Training.Data;
using Bitloom.Training.Losses;
using Bitloom.Training.Networks;
using Bitloom.Training.Parameters;
using Bitloom.Training.Recipes;
using Bitloom.Training.Runs;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Gating;

/// <summary>A joint step of predictor and classifier against finite differences, without noise so that choices stay.</summary>
public sealed class GatedLearnerTests : IDisposable
{
    private const int Images = 6, Classes = 3, Size = 16, Samples = 10;
    private const float Move = 1f / 1024, Tolerance = 5e-3f;

    private static readonly GatingRecipe Gating = new(Eta: 0.7f, Target: 0.1f, Temperature: 0.8f, Noise: 0, EveryResolution: 0.4f);

    private readonly CounterRandom _random = new(11);
    private readonly SampleBatch _batch = new(new SampleSizes([3 * Size * Size], 1), Images);
    private readonly GatedLearner _learner;

    public GatedLearnerTests()
    {
        var weights = new InitialWeights(_random);
        var classifier = new ResNet([1, 1], IsBottleneck: false, Classes, Width: 4, Stem: 3);
        NetworkGraph graph = new DrNet(DrNet.CreatePredictor(2, width: 2, stem: 3), classifier, [16, 12], PredictorSize: 12, Size).Build("gated", "", weights);
        _learner = new GatedLearner(graph, weights.Taken, new TrainingSettings(), new TrainingShape(Images, Size, Size, Threads: 2), new CrossEntropyLoss(0.1f), Gating, new CounterRandom(0));
        for (int i = 0; i < _batch.Inputs[0].Length; i++) _batch.Inputs[0][i] = (float)_random.NextUniform();
        for (int i = 0; i < Images; i++) _batch.Targets[i] = i % Classes;
    }

    public void Dispose() => _learner.Dispose();

    [Fact]
    public void Gradients_of_the_classifier_are_those_of_the_loss()
    {
        _learner.Step(_batch, 0);
        Check("classifier.", () => _learner.Step(_batch, 0));
    }

    // Straight through: the choice's gradient is taken at the hard choice, its derivative by the scores that of the soft one.
    [Fact]
    public void Gradients_of_the_predictor_are_those_of_the_soft_choice()
    {
        _learner.Step(_batch, 0);
        double[] worth = WorthOfChoices();
        Check("predictor.", () =>
        {
            _learner.Predictor.Forward();
            double value = 0;
            for (int i = 0; i < Images; i++)
            {
                double[] soft = [.. Enumerable.Range(0, 2).Select(j => Math.Exp(_learner.Predictor.Output[(i * 2) + j] / Gating.Temperature))];
                for (int j = 0; j < 2; j++) value += soft[j] / soft.Sum() * worth[(i * 2) + j];
            }

            return value;
        });
    }

    [Fact]
    public void The_loss_is_that_of_the_chosen_resolutions_their_price_and_that_of_all()
    {
        double found = _learner.Step(_batch, 0), wanted = 0;
        long[] operations = Operations();
        for (int i = 0; i < Images; i++)
        {
            int chosen = Chosen(i);
            wanted += (((1 - Gating.EveryResolution) * CrossEntropy(chosen, i, [])) + (Gating.EveryResolution * (CrossEntropy(0, i, []) + CrossEntropy(1, i, [])) / 2)) / Images;
            wanted += Gating.Eta * (operations[chosen] - Target()) / (operations[0] - operations[1]) / Images;
        }

        Assert.Equal(wanted, found, 1e-5);
    }

    [Fact]
    public void Evaluation_takes_the_output_of_the_best_score()
    {
        float[] outputs = _learner.Evaluate(_batch)[..(Images * Classes)].ToArray();
        int[] choices = [.. Enumerable.Range(0, Images).Select(Chosen)];
        for (int branch = 0; branch < 2; branch++)
        {
            TrainingNetwork network = _learner.Branches[branch];
            _batch.Inputs[0].CopyTo(network.Input("image"));
            network.Images = Images;
            network.Evaluate();
            for (int i = 0; i < Images; i++)
                if (choices[i] == branch) Assert.Equal(network.Output.Slice(i * Classes, Classes).ToArray(), outputs.AsSpan(i * Classes, Classes).ToArray());
        }

        string share = FormattableString.Invariant($"16 {choices.Count(c => c == 0) / (double)Images:0.0%}, 12 ");
        Assert.StartsWith(share, _learner.TakeRemark(), StringComparison.Ordinal);
    }

    private void Check(string prefix, Func<double> value)
    {
        float[] gradients = _learner.Parameters.Gradients.ToArray();
        int checkedOnes = 0, drawn = 0;
        double middle = value();
        foreach (Parameter parameter in _learner.Parameters.All.Where(p => p.IsTrained && p.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            double size = Math.Max(0.1, gradients.AsSpan(parameter.Offset, parameter.Count).ToArray().Max(Math.Abs));
            for (int sample = 0; sample < Math.Min(Samples, parameter.Count); sample++, drawn++)
            {
                int place = parameter.Offset + _random.NextIndex(parameter.Count);
                double above = Moved(place, Move, value), below = Moved(place, -Move, value), wanted = (above - below) / (2 * Move);

                // Where a rectifier bends between the two, there is no derivative to compare with.
                if (Math.Abs(above + below - (2 * middle)) > Tolerance * size * Move) continue;
                checkedOnes++;
                Assert.True(Math.Abs(wanted - gradients[place]) <= 2 * Tolerance * size, FormattableString.Invariant($"a gradient of '{parameter.Name}' is {gradients[place]}, by differences {wanted}"));
            }
        }

        Assert.True(checkedOnes * 10 >= drawn * 4, FormattableString.Invariant($"only {checkedOnes} of {drawn} gradients could be checked"));
    }

    private double Moved(int place, float move, Func<double> value)
    {
        float kept = _learner.Parameters.Values[place];
        _learner.Parameters.Values[place] = kept + move;
        double moved = value();
        _learner.Parameters.Values[place] = kept;
        return moved;
    }

    // The gradient by each choice: the chosen logits' gradient times the logits of each resolution, and the price's.
    private double[] WorthOfChoices()
    {
        long[] operations = Operations();
        double[] worth = new double[Images * 2];
        for (int i = 0; i < Images; i++)
        {
            float[] gradient = new float[Classes];
            CrossEntropy(Chosen(i), i, gradient);
            for (int j = 0; j < 2; j++)
            {
                for (int c = 0; c < Classes; c++) worth[(i * 2) + j] += (1 - Gating.EveryResolution) * gradient[c] / Images * _learner.Branches[j].Output[(i * Classes) + c];
                worth[(i * 2) + j] += Gating.Eta * operations[j] / (double)(operations[0] - operations[1]) / Images;
            }
        }

        return worth;
    }

    private int Chosen(int image) => _learner.Predictor.Output[(image * 2) + 1] > _learner.Predictor.Output[image * 2] ? 1 : 0;

    private double CrossEntropy(int branch, int image, float[] gradient) => new CrossEntropyLoss(0.1f).Evaluate(
        _learner.Branches[branch].Output.Slice(image * Classes, Classes), _batch.Target(image), gradient.Length > 0 ? gradient : new float[Classes], images: 1);

    private long[] Operations() => [.. Bitloom.Training.Gating.GatedParts.Of(_learner.ToNetworkGraph()).BranchOperations];

    private double Target() => (Gating.Target * Operations().Max()) - Bitloom.Training.Gating.GatedParts.Of(_learner.ToNetworkGraph()).PredictorOperations;
}
