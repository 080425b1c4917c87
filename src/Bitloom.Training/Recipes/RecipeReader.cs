using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors.Syntax;
using Bitloom.Import.Architectures;
using Bitloom.Spectral;
using Bitloom.Training.Ghosts;

namespace Bitloom.Training.Recipes;

/// <summary>Reads recipes. Everything wrong is reported at once, with line, column and the nearest name.</summary>
public static class RecipeReader
{
    private const int MostSteps = 100_000_000, MostBatch = 4096, LargestPatch = 4096;

    /// <summary>Reads a recipe.</summary>
    /// <param name="text">JSON; comments are allowed.</param>
    public static Outcome<Recipe> Read(string text) => Read(text, observe: null);

    /// <summary>Reads a recipe, and tells of each property that it may hold.</summary>
    internal static Outcome<Recipe> Read(string text, Action<RecipeProperty>? observe)
    {
        var diagnostics = new DiagnosticBag();
        Recipe? recipe = null;
        if (JsonSyntaxParser.Parse(text, diagnostics) is { } root && ObjectReader.Open(root, "the recipe", diagnostics) is { } reader)
            recipe = ReadRoot(new SectionReader(reader, observe)) with { Hash = RecipeHash.Of(root) };
        return new Outcome<Recipe>(diagnostics.Any ? null : recipe, diagnostics.InTextOrder());
    }

    private static Recipe ReadRoot(SectionReader root)
    {
        root.Text("$schema", "");
        string name = root.Text("name", "the network's name, e.g. \"bbcu-s-x2\"");
        string description = root.Text("description", "");
        ImageTask task = ReadTask(root);
        NetworkRecipe network = ReadNetwork(root.Section("network", isRequired: true), task);
        var recipe = new Recipe(
            name, description, task, network, ReadData(root.Section("data", isRequired: true), task), ReadTraining(root.Section("training", isRequired: true), task, network),
            ReadOptimiser(root.Section("optimiser", isRequired: false)), ReadValidation(root.Section("validation", isRequired: false)));
        if (network.Architecture == NetworkRecipe.Gated) recipe = recipe with { Gating = ClassifierSections.ReadGating(root.Section("gating", isRequired: false)) };
        root.Finish();

        // Names become file names.
        if (name.Length > 0 && (name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || name.StartsWith('.'))) root.Fail("name", $"'name' must be usable as a file name, not '{name}'");
        return recipe;
    }

    private static ImageTask ReadTask(SectionReader root)
    {
        string text = root.Text("task", "what the network is for, e.g. \"x2\"");
        if (ImageTask.Parse(text) is { } task) return task;
        if (text.Length > 0) root.Fail("task", $"'task' must be {ImageTask.Forms}, not '{text}'");
        return new ImageTask(TaskKind.SuperResolution, 2);
    }

    private static NetworkRecipe ReadNetwork(SectionReader section, ImageTask task)
    {
        string architecture = section.Choice("architecture", NetworkRecipe.Architectures, null);
        bool isBbcu = architecture.StartsWith("bbcu", StringComparison.Ordinal);
        if (architecture == NetworkRecipe.FromFile)
        {
            string file = section.Text("file", "the .bloom file to start from");
            section.Finish();
            return new NetworkRecipe(architecture, 1, 1, BbcuForm.V4, 130, 1, 0) { File = file };
        }

        if (architecture is "resnet" or NetworkRecipe.Gated)
        {
            var classifier = new NetworkRecipe(architecture, section.Integer("channels", 1, 1024, 64), 1, BbcuForm.V4, 130, 1, 0)
            {
                Classifier = ClassifierSections.ReadNetwork(section, architecture),
                Parent = architecture == NetworkRecipe.Gated ? section.Text("parent", "") : "",
            };
            section.Finish();
            return Check(section, classifier, task);
        }

        if (architecture == NetworkRecipe.Spectral)
        {
            section.Finish();
            return Check(section, new NetworkRecipe(architecture, SpectralBands.Cassi.Count, 1, BbcuForm.V4, 130, 1, 0), task);
        }

        var network = new NetworkRecipe(
            architecture, section.Integer("channels", 1, 1024, 64), section.Integer("units", 1, 1024, 16),
            isBbcu ? Enum.Parse<BbcuForm>(section.Choice("form", ["v1", "v2", "v3", "v4"], "v4"), ignoreCase: true) : BbcuForm.V4,
            isBbcu ? section.Real("alignment", 1e-3f, 1e6f, 130) : 130,
            isBbcu ? 1 : section.Real("residualScale", 1e-6f, 1e6f, 1), isBbcu ? 0 : section.Real("ghosts", 0, 0.95f, 0));
        if (network.Ghosts > 0) network = ReadGhosts(section, network);
        section.Finish();
        return Check(section, network, task);
    }

    private static NetworkRecipe Check(SectionReader section, NetworkRecipe network, ImageTask task)
    {
        if (network.Architecture.Length > 0 && !network.Serves(task.Kind)) section.Fail("architecture", $"'{network.Architecture}' is not for the task '{task}': use {NetworkRecipe.Suggest(task.Kind)}");
        return network;
    }

    private static NetworkRecipe ReadGhosts(SectionReader section, NetworkRecipe network) => network with
    {
        Parent = section.Text("parent", ""),
        Shifts = Enum.Parse<GhostShifts>(section.Choice("shifts", ["learned", "fixed", "none"], "learned"), ignoreCase: true),
        HasOffsetPerChannel = section.Choice("offsets", ["layer", "channel"], "layer") == "channel",
    };

    private static DataRecipe ReadData(SectionReader section, ImageTask task)
    {
        bool isClasses = task.Kind == TaskKind.Classification;
        var data = new DataRecipe(
            section.Texts("train"), section.Texts("validation"), section.Integer("patch", 1, LargestPatch, null),
            !isClasses && section.Flag("turns", true),
            task.Kind == TaskKind.Spectral ? section.Text("mask", "the camera's mask") : null,
            isClasses ? section.Integer("shortSide", 0, LargestPatch, 0) : 0, isClasses ? section.Integer("padding", 0, 64, 0) : 0)
        {
            LeastArea = isClasses ? section.Real("leastArea", 0.01f, 1, 1) : 1,
            Colour = isClasses || task.Kind == TaskKind.Spectral ? section.Real("colour", 0, 0.9f, 0) : 0,
        };
        section.Finish();
        return data;
    }

    private static TrainingRecipe ReadTraining(SectionReader section, ImageTask task, NetworkRecipe network)
    {
        string usual = task.Kind switch { TaskKind.Classification => "cross-entropy", TaskKind.Spectral => "rmse", _ => "l1" };
        string loss = section.Choice("loss", TrainingRecipe.Losses, usual);
        Surrogate surrogate = section.Choice("surrogate", ["quad", "clip", "tanh"], network.Architecture == NetworkRecipe.Spectral ? "tanh" : "quad") switch { "clip" => Surrogate.Clip, "tanh" => Surrogate.ScalableTanh, _ => Surrogate.Quad };
        var training = new TrainingRecipe(
            section.Integer("steps", 1, MostSteps, null), section.Integer("batch", 1, MostBatch, 16), section.Integer("seed", 0, int.MaxValue, 1),
            loss, surrogate, section.Real("clipNorm", 0, 1e9f, 0))
        {
            Average = section.Real("average", 0, 0.999999f, 0),
            Smoothing = loss == "cross-entropy" ? section.Real("smoothing", 0, 0.9f, 0) : 0,
        };
        if (network.LearnsShifts) training = training with { Noise = ReadNoise(section.Section("noise", isRequired: false)) };
        section.Finish();
        if ((loss == "cross-entropy") != (task.Kind == TaskKind.Classification)) section.Fail("loss", $"'{loss}' is not for the task '{task}'");
        return training;
    }

    private static NoiseRecipe ReadNoise(SectionReader section)
    {
        var noise = new NoiseRecipe(section.Real("start", 0, 100, 1), section.Real("decay", 0, 1, 0.97f));
        section.Finish();
        return noise;
    }

    private static OptimiserRecipe ReadOptimiser(SectionReader section)
    {
        string kind = section.Choice("kind", OptimiserRecipe.Kinds, "adam");
        bool isStep = section.Choice("schedule", OptimiserRecipe.Schedules, "cosine") == "step";
        var optimiser = new OptimiserRecipe(
            kind, section.Real("rate", 0, 1e3f, kind == "sgd" ? 0.1f : 1e-3f), isStep ? 0 : section.Real("least", 0, 1e3f, 0), section.Integer("warmUp", 0, MostSteps, 0),
            section.Real("weightDecay", 0, 1e3f, 0), kind == "sgd" ? section.Real("momentum", 0, 1, 0.9f) : 0);
        if (isStep) optimiser = optimiser with { Milestones = section.Integers("milestones", 1, MostSteps, null), Factor = section.Real("factor", 0, 1, 0.1f) };
        section.Finish();
        if (!optimiser.Milestones.SequenceEqual(optimiser.Milestones.Distinct().Order())) section.Fail("milestones", "'milestones' must rise");
        return optimiser;
    }

    private static ValidationRecipe ReadValidation(SectionReader section)
    {
        var validation = new ValidationRecipe(section.Integer("every", 1, MostSteps, 500), section.Integer("patches", 1, 10_000, 16), section.Integer("report", 1, MostSteps, 100));
        section.Finish();
        return validation;
    }
}
