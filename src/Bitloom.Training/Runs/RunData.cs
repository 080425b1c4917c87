using Bitloom.Compiler.Graph;
using Bitloom.Runtime.Images;
using Bitloom.Spectral;
using Bitloom.Spectral.Sensing;
using Bitloom.Training.Data;
using Bitloom.Training.Data.Degradations;
using Bitloom.Training.Recipes;
using Bitloom.Training.State;

namespace Bitloom.Training.Runs;

/// <summary>What a run learns from and what it is watched on.</summary>
/// <param name="Train">Samples to train on.</param>
/// <param name="Validation">Samples to watch.</param>
/// <param name="Summary">One line about both.</param>
internal sealed record RunData(SampleSource Train, ValidationSet Validation, string Summary)
{
    /// <summary>Names of the classes in the order of their numbers; empty for other tasks.</summary>
    internal IReadOnlyList<string> Classes { get; init; } = [];

    // Noise of the validation samples is that of this seed in every run.
    private const ulong ValidationSeed = 0x76616C;

    /// <summary>Loads everything into memory.</summary>
    /// <param name="recipe">What to load.</param>
    /// <param name="root">The folder that the recipe's paths are relative to.</param>
    /// <param name="graph">The network that will be trained.</param>
    /// <param name="cancellation">Looked at between files.</param>
    /// <exception cref="TrainingException">A file or folder is missing or damaged, or nothing fits.</exception>
    internal static RunData Load(Recipe recipe, string root, NetworkGraph graph, CancellationToken cancellation)
    {
        string[] train = [.. recipe.Data.Train.Select(p => Path.Combine(root, p))], validation = [.. recipe.Data.Validation.Select(p => Path.Combine(root, p))];
        return recipe.Task.Kind switch
        {
            TaskKind.Spectral => LoadCubes(recipe, train, validation, Path.Combine(root, recipe.Data.Mask!), graph.Inputs.Count > 1),
            TaskKind.Classification => LoadClasses(recipe, train, validation, cancellation),
            _ => LoadPictures(recipe, train, validation, recipe.Task.Degradation!, cancellation),
        };
    }

    private static RunData LoadPictures(Recipe recipe, string[] train, string[] validation, Degradation degradation, CancellationToken cancellation)
    {
        int patch = recipe.Data.Patch, side = patch * degradation.Scale;
        IReadOnlyList<Image> images = ImageFolder.Load(train, recipe.Channels, side, cancellation), watched = ImageFolder.Load(validation, recipe.Channels, side, cancellation);
        var places = new List<(int Image, int Y, int X)>();
        for (int i = 0; i < watched.Count; i++) places.AddRange(Grid(watched[i].Height / degradation.Scale, watched[i].Width / degradation.Scale, patch, recipe.Validation.Patches).Select(p => (i, p.Y, p.X)));

        var sampler = new PatchSampler(watched, degradation, patch, turns: false);
        IReadOnlyList<SampleBatch> batches = Collect(sampler.Sizes, places.Count, recipe.Training.Batch, (sample, batch, place) =>
            sampler.Cut(watched[places[sample].Image], places[sample].Y, places[sample].X, RandomOf(sample), batch.Input(0, place), batch.Target(place)));
        return new RunData(
            new PatchSampler(images, degradation, patch, recipe.Data.Turns), new ValidationSet(recipe.Task, batches, [.. places.Select(p => p.Image)], recipe.Channels),
            Invariant($"{images.Count} pictures to train on, {places.Count} patches of {watched.Count} pictures to watch"));
    }

    private static RunData LoadCubes(Recipe recipe, string[] train, string[] validation, string maskPath, bool takesMask)
    {
        int patch = recipe.Data.Patch;
        Plane mask = CubeSampler.LoadMask(maskPath);
        IReadOnlyList<Cube> cubes = CubeSampler.Load(train, patch);
        Cube[] watched = [.. CubeSampler.Load(validation, patch).Select(c => c.Crop(0, 0, Math.Min(c.Height, mask.Height), Math.Min(c.Width, mask.Width)))];
        var places = new List<(int Cube, int Y, int X)>();
        for (int i = 0; i < watched.Length; i++) places.AddRange(Grid(watched[i].Height, watched[i].Width, patch, recipe.Validation.Patches).Select(p => (i, p.Y, p.X)));

        var sampler = new CubeSampler(watched, mask, patch, takesMask);
        IReadOnlyList<SampleBatch> batches = Collect(sampler.Sizes, places.Count, recipe.Training.Batch, (sample, batch, place) =>
            sampler.Cut(watched[places[sample].Cube], places[sample].Y, places[sample].X, batch, place));
        return new RunData(
            new CubeSampler(cubes, mask, patch, takesMask) { Variation = recipe.Data.Colour }, new ValidationSet(recipe.Task, batches, [.. places.Select(p => p.Cube)], watched[0].Bands),
            Invariant($"{cubes.Count} cubes to train on, {places.Count} patches of {watched.Length} cubes to watch"));
    }

    private static RunData LoadClasses(Recipe recipe, string[] train, string[] validation, CancellationToken cancellation)
    {
        if (train.Length != 1 || validation.Length != 1) throw new TrainingException("a recipe for classes has one folder in 'train' and one in 'validation'");
        int side = recipe.Data.Patch;
        var set = ClassificationFolder.Load(train[0], recipe.Data.ShortSide, isTraining: true, cancellation);
        var watched = ClassificationFolder.Load(validation[0], recipe.Data.ShortSide, isTraining: false, cancellation);
        if (!set.Classes.SequenceEqual(watched.Classes)) throw new TrainingException($"{validation[0]}: its classes ({string.Join(", ", watched.Classes)}) are not those of {train[0]}");
        var sampler = new ClassificationSampler(set, side, recipe.Data.Padding) { LeastArea = recipe.Data.LeastArea, Colour = recipe.Data.Colour };
        IReadOnlyList<SampleBatch> batches = Collect(sampler.Sizes, watched.Images.Count, recipe.Training.Batch, (sample, batch, place) =>
        {
            ClassificationSampler.CropMiddle(watched.Images[sample].Image, side, batch.Input(0, place));
            batch.Target(place)[0] = watched.Images[sample].Class;
        });
        return new RunData(
            sampler, new ValidationSet(recipe.Task, batches, [.. Enumerable.Range(0, watched.Images.Count)], 3),
            Invariant($"{set.Images.Count} pictures of {set.Classes.Count} classes to train on, {watched.Images.Count} to watch"))
        {
            Classes = set.Classes,
        };
    }

    // Patches side by side; where there are more than wanted, every so many.
    private static IEnumerable<(int Y, int X)> Grid(int height, int width, int patch, int most)
    {
        int rows = height / patch, columns = width / patch, count = Math.Min(rows * columns, most);
        for (int i = 0; i < count; i++)
        {
            int cell = (int)((long)i * rows * columns / count);
            yield return (cell / columns * patch, cell % columns * patch);
        }
    }

    private static List<SampleBatch> Collect(SampleSizes sizes, int samples, int batchSize, Action<int, SampleBatch, int> make)
    {
        var batches = new List<SampleBatch>();
        for (int start = 0; start < samples; start += batchSize)
        {
            var batch = new SampleBatch(sizes, Math.Min(batchSize, samples - start));
            for (int place = 0; place < batch.Samples; place++) make(start + place, batch, place);
            batches.Add(batch);
        }

        return batches;
    }

    private static CounterRandom RandomOf(int sample) => new(ValidationSeed, (ulong)sample << 32);
}
