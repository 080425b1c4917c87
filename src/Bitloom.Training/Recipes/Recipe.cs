using Bitloom.Compiler;
using Bitloom.Training.Losses;
using Bitloom.Training.Optimisers;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Recipes;

/// <summary>A run of training in full: with the data and a number of threads it determines every bit of the result.</summary>
/// <param name="Name">Name of the network and of its files.</param>
/// <param name="Description">One line about it, for the descriptor.</param>
/// <param name="Task">What it is for.</param>
/// <param name="Network">The architecture.</param>
/// <param name="Data">What it learns from.</param>
/// <param name="Training">Steps and loss.</param>
/// <param name="Optimiser">How weights change.</param>
/// <param name="Validation">How it is watched.</param>
public sealed record Recipe(
    string Name, string Description, ImageTask Task, NetworkRecipe Network, DataRecipe Data, TrainingRecipe Training, OptimiserRecipe Optimiser, ValidationRecipe Validation)
{
    /// <summary>SHA-256 of the recipe's values, 64 hexadecimal digits; comments, blanks and the order of properties do not count.</summary>
    public string Hash { get; init; } = "";

    /// <summary>How resolutions are chosen; null for networks without a choice.</summary>
    public GatingRecipe? Gating { get; init; }

    /// <summary>Channels of the pictures: deblocking is for luma, classes and the rest for RGB.</summary>
    public int Channels => Task.Kind == TaskKind.Deblocking ? 1 : 3;
}

/// <summary>Where samples come from. Folders and files are relative to the folder that is given with the recipe.</summary>
/// <param name="Train">Folders of pictures or classes, or cubes.</param>
/// <param name="Validation">The same, for watching.</param>
/// <param name="Patch">Sides of the network's input in pixels.</param>
/// <param name="Turns">Whether patches are flipped and transposed at random.</param>
/// <param name="Mask">The snapshot camera's mask.</param>
/// <param name="ShortSide">For classes: pictures are resized to this short side; 0 to keep them.</param>
/// <param name="Padding">For classes: black pixels around a picture before it is cropped.</param>
public sealed record DataRecipe(
    EquatableArray<string> Train, EquatableArray<string> Validation, int Patch, bool Turns, string? Mask, int ShortSide, int Padding)
{
    /// <summary>For classes: the share of a picture that the smallest random crop shows, before it is resized to the patch; 1 for crops of the patch's size.</summary>
    public float LeastArea { get; init; } = 1;

    /// <summary>For classes: by how much brightness, contrast and saturation vary; for cubes, level and course of spectra. 0 for not at all.</summary>
    public float Colour { get; init; }
}

/// <summary>How long and on what.</summary>
/// <param name="Steps">Steps in all.</param>
/// <param name="Batch">Samples of a step.</param>
/// <param name="Seed">Of weights and samples.</param>
/// <param name="Loss"><c>l1</c>, <c>charbonnier</c>, <c>l2</c>, <c>rmse</c> or <c>cross-entropy</c>.</param>
/// <param name="Surrogate">What stands in for the derivative of sign.</param>
/// <param name="ClipNorm">Bound on the norm of all gradients; 0 for none.</param>
public sealed record TrainingRecipe(int Steps, int Batch, int Seed, string Loss, Surrogate Surrogate, float ClipNorm)
{
    /// <summary>The noise of learned offsets.</summary>
    public NoiseRecipe Noise { get; init; } = new(0, 1);

    /// <summary>Decay of the moving average of weights and running statistics that is validated and written; 0 for none.</summary>
    public float Average { get; init; }

    /// <summary>For <c>cross-entropy</c>: the probability that is wanted of all classes together, whichever is right.</summary>
    public float Smoothing { get; init; }

    internal static readonly string[] Losses = ["l1", "charbonnier", "l2", "rmse", "cross-entropy"];

    /// <summary>The loss.</summary>
    public Loss CreateLoss() => Loss switch
    {
        "charbonnier" => new CharbonnierLoss(),
        "l2" => new MeanSquaredLoss(),
        "rmse" => new RootMeanSquaredLoss(),
        "cross-entropy" => new CrossEntropyLoss(Smoothing),
        _ => new L1Loss(),
    };
}

/// <summary>The factor of Gumbel noise on the scores of learned offsets: it falls evenly on a scale of logarithms, as in GhostSR's code.</summary>
/// <param name="Start">The factor at the start.</param>
/// <param name="Decay">What it is multiplied by in each of <see cref="Epochs"/> equal parts of the run; with 0.97, 0.002 of it is left at the end.</param>
public sealed record NoiseRecipe(float Start, float Decay)
{
    /// <summary>Parts of a run.</summary>
    internal const int Epochs = 200;

    /// <summary>The factor where a share of the run from 0 to 1 is done.</summary>
    public double At(double progress) => Start * Math.Pow(Decay, progress * Epochs);
}

/// <summary>How weights change.</summary>
/// <param name="Kind"><c>adam</c>, <c>adamw</c> or <c>sgd</c>.</param>
/// <param name="Rate">The learning rate at the start.</param>
/// <param name="Least">The learning rate at the end: half a cosine leads there. Not for milestones.</param>
/// <param name="WarmUp">Steps in which the rate rises from 0.</param>
/// <param name="WeightDecay">How strongly weights are drawn to 0.</param>
/// <param name="Momentum">For <c>sgd</c>.</param>
public sealed record OptimiserRecipe(string Kind, float Rate, float Least, int WarmUp, float WeightDecay, float Momentum)
{
    internal static readonly string[] Kinds = ["adam", "adamw", "sgd"];

    internal static readonly string[] Schedules = ["cosine", "step"];

    /// <summary>The optimiser of parameters.</summary>
    public Optimiser Create(ParameterSet parameters) => Kind == "sgd"
        ? new StochasticGradientDescent(parameters) { Momentum = Momentum, WeightDecay = WeightDecay, RateFactor = FactorOf }
        : new Adam(parameters) { WeightDecay = WeightDecay, IsDecoupled = Kind == "adamw", RateFactor = FactorOf };

    // Scores are logits: another offset is chosen where they have moved by ones, as weights do by hundredths.
    private static float FactorOf(Parameter parameter) => ParameterCollector.IsShiftScores(parameter.Name) ? 10 : 1;

    /// <summary>Steps at which the rate is multiplied by <see cref="Factor"/>, rising; none for the cosine.</summary>
    public EquatableArray<int> Milestones { get; init; } = [];

    /// <summary>What the rate is multiplied by at each milestone.</summary>
    public float Factor { get; init; } = 1;

    /// <summary>The rate of each of so many steps.</summary>
    public Schedule CreateSchedule(int steps)
    {
        Schedule schedule = Milestones.Count > 0 ? new StepSchedule(Rate, Factor, [.. Milestones.Select(m => (long)m)]) : new CosineSchedule(Rate, steps, Least);
        return WarmUp > 0 ? new WarmUpSchedule(WarmUp, schedule) : schedule;
    }

    /// <summary>The rate in words, for model cards.</summary>
    internal string Course => Milestones.Count > 0 ? Invariant($"{Rate}, times {Factor} after {string.Join(", ", Milestones)} steps") : Invariant($"{Rate} to {Least}");
}

/// <summary>How the run is watched.</summary>
/// <param name="Every">Steps between validations; a state is saved at each.</param>
/// <param name="Patches">At most so many patches of each validation picture.</param>
/// <param name="Report">Steps between lines of progress.</param>
public sealed record ValidationRecipe(int Every, int Patches, int Report);
