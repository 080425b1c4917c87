using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Architectures;
using Bitloom.Training.Gating;
using Bitloom.Training.Ghosts;
using Bitloom.Training.State;

namespace Bitloom.Training.Recipes;

/// <summary>An architecture and its sizes.</summary>
/// <param name="Architecture">One of <see cref="Architectures"/>.</param>
/// <param name="Channels">Channels of the body.</param>
/// <param name="Units">Binary units of the body, or residual blocks of EDSR.</param>
/// <param name="Form">Form of BBCU's units.</param>
/// <param name="Alignment">BBCU's k.</param>
/// <param name="ResidualScale">Factor of EDSR's residual branches.</param>
/// <param name="Ghosts">Share of EDSR's channels that are ghosts.</param>
public sealed record NetworkRecipe(string Architecture, int Channels, int Units, BbcuForm Form, float Alignment, float ResidualScale, float Ghosts)
{
    /// <summary>The architectures that recipes can train.</summary>
    internal static readonly string[] Architectures = ["bbcu-sr", "bbcu-sr-l", "bbcu-sr-all", "bbcu-dncnn", Spectral, "edsr", "resnet", Gated, FromFile];

    /// <summary>A classifier at the resolution that a predictor chooses.</summary>
    internal const string Gated = "drnet";

    /// <summary>BiSRNet for the camera's bands.</summary>
    internal const string Spectral = "bisrnet";

    /// <summary>In place of an architecture: any network in a descriptor, with its weights as the first.</summary>
    internal const string FromFile = "file";

    /// <summary>The descriptor to start from, relative to the recipe's folder; empty for an architecture.</summary>
    public string File { get; init; } = "";

    /// <summary>
    /// The descriptor of the dense EDSR that one with ghosts starts from, or of the classifier of one resolution that DRNet starts from, relative
    /// to the recipe's folder; empty for random weights.
    /// </summary>
    public string Parent { get; init; } = "";

    /// <summary>The offsets of ghosts.</summary>
    public GhostShifts Shifts { get; init; }

    /// <summary>Whether every ghost has an offset of its own; otherwise all of a layer have one.</summary>
    public bool HasOffsetPerChannel { get; init; }

    /// <summary>
    /// Factor of the first real weights behind binary ones. BiSRNet's stream has the range of the scene, 0..1, which dozens of units
    /// at full strength would drown; BBCU's is multiplied by <see cref="Alignment"/> for that.
    /// </summary>
    internal double BinaryGain => Architecture == Spectral ? 0.1 : 1;

    /// <summary>Convolutions that begin near the identity, so that BiSRNet begins with the estimate that it is given.</summary>
    internal IReadOnlyCollection<string> Identities => Architecture == Spectral ? ["fution.weight", "conv_in.weight"] : [];

    /// <summary>Whether offsets are learned, for which there is noise.</summary>
    internal bool LearnsShifts => Ghosts > 0 && Shifts == GhostShifts.Learned;

    /// <summary>Sizes of a classifier; null for other architectures.</summary>
    public ClassifierRecipe? Classifier { get; init; }

    /// <summary>The network with first weights.</summary>
    /// <param name="recipe">The recipe that this is of.</param>
    /// <param name="folder">The recipe's folder.</param>
    /// <param name="weights">Where weights come from.</param>
    /// <exception cref="TrainingException">The descriptor to start from cannot be read.</exception>
    public NetworkGraph Build(Recipe recipe, string folder, WeightSource weights)
    {
        if (Architecture == FromFile) return Read(Path.Combine(folder, File)) with { Name = recipe.Name, Description = recipe.Description };
        if (Classifier is not null) return BuildClassifier(Classifier, recipe, folder, weights);
        bool isLuma = recipe.Channels == 1;
        NetworkGraph SuperResolution(BbcuParts parts) => new BbcuSr(Channels, Units, recipe.Task.Number, parts, Form, Alignment).Build(recipe.Name, recipe.Description, weights);
        return Architecture switch
        {
            "bbcu-sr-l" => SuperResolution(BbcuParts.BodyOnly),
            "bbcu-sr-all" => SuperResolution(BbcuParts.Upsampling | BbcuParts.Head | BbcuParts.Tail),
            "bbcu-dncnn" => new BbcuDnCnn(recipe.Channels, Channels, Units, Bias: isLuma, Form, Alignment).Build(recipe.Name, recipe.Description, weights),
            Spectral => new BiSrNet(Channels).Build(recipe.Name, recipe.Description, weights),
            "edsr" => BuildEdsr(recipe, folder, weights),
            _ => SuperResolution(BbcuParts.Upsampling),
        };
    }

    /// <summary>What is trained, and how.</summary>
    public TrainingSettings CreateSettings(Surrogate surrogate) => new()
    {
        Surrogate = surrogate,
        LearnsShift = LearnsShifts ? name => name.EndsWith(".ghosts", StringComparison.Ordinal) : _ => false,
        IsFrozen = name => name.StartsWith("sub_mean", StringComparison.Ordinal) || name.StartsWith("add_mean", StringComparison.Ordinal),
    };

    /// <summary>Whether the architecture is for a kind of task.</summary>
    internal bool Serves(TaskKind kind) => Architecture switch
    {
        "resnet" or Gated => kind == TaskKind.Classification,
        "bbcu-dncnn" => kind is TaskKind.Denoising or TaskKind.Deblocking,
        Spectral => kind == TaskKind.Spectral,
        _ => kind == TaskKind.SuperResolution,
    };

    /// <summary>Architectures for a kind of task, for messages.</summary>
    internal static string Suggest(TaskKind kind) => kind switch
    {
        TaskKind.SuperResolution => "bbcu-sr or edsr",
        TaskKind.Classification => "resnet or drnet",
        TaskKind.Spectral => Spectral,
        _ => "bbcu-dncnn",
    };

    private NetworkGraph BuildClassifier(ClassifierRecipe classifier, Recipe recipe, string folder, WeightSource weights)
    {
        if (Parent.Length == 0) return classifier.Build(recipe, Channels, weights);
        string path = Path.Combine(folder, Parent);
        var first = new ParentClassifier(Read(path), weights);
        NetworkGraph network = classifier.Build(recipe, Channels, first);
        first.Check(path);
        return network;
    }

    private NetworkGraph BuildEdsr(Recipe recipe, string folder, WeightSource weights)
    {
        var network = new Edsr(Channels, Units, recipe.Task.Number, ResidualScale, new GhostLayers(Ghosts, HasOffsetPerChannel), new MeanShift());
        var random = new CounterRandom((ulong)recipe.Training.Seed);
        string parent = Path.Combine(folder, Parent);
        WeightSource first = Parent.Length > 0 ? GhostWeights.Create(network, Read(parent), parent, random) : weights;
        return network.Build(recipe.Name, recipe.Description, new ShiftOffsets(first, Shifts, random));
    }

    private static NetworkGraph Read(string path)
    {
        try
        {
            Outcome<NetworkGraph> read = DescriptorReader.Read(System.IO.File.ReadAllText(path));
            return read.Succeeded ? read.Value! : throw new TrainingException($"{path}{read.Diagnostics[0].Location}: {read.Diagnostics[0].Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"{path}: it cannot be read ({failure.Message.TrimEnd('.')}); check the recipe's network");
        }
    }
}
