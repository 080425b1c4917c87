using Bitloom.Import.Safetensors;
using Bitloom.Training.Optimisers;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.State;

/// <summary>
/// Everything that a run needs to go on as if it had not stopped: parameters, what the optimiser remembers, averages, the number of
/// steps, the random sequence. Saved as a safetensors file; parameters keep their own names, so it is a checkpoint as well.
/// </summary>
/// <param name="parameters">The parameters.</param>
/// <param name="optimiser">The optimiser.</param>
/// <param name="random">The random sequence.</param>
/// <param name="average">The average of the weights, or null.</param>
public sealed class TrainingState(ParameterSet parameters, Optimiser optimiser, CounterRandom random, WeightAverage? average = null)
{
    // Names of parameters are module paths, which hold no colon.
    private const string Prefix = "training:";

    /// <summary>Other 64-bit numbers of the run that are saved with it, by name; after <see cref="Load"/> those of the file.</summary>
    public IDictionary<string, ulong> Numbers { get; init; } = new SortedDictionary<string, ulong>(StringComparer.Ordinal);

    /// <summary>The SHA-256 of the recipe, 64 hexadecimal digits; a state of another recipe is refused. Null for none.</summary>
    public string? RecipeHash { get; init; }

    /// <summary>Writes the state as a whole or not at all.</summary>
    /// <exception cref="Import.ImportException">The file cannot be written.</exception>
    public void Save(string path) => SafetensorsWriter.Write(path, ToTensors());

    /// <summary>Takes over a saved state.</summary>
    /// <exception cref="Import.ImportException">The file cannot be read.</exception>
    /// <exception cref="TrainingException">It is the state of another network or optimiser.</exception>
    public void Load(string path)
    {
        var tensors = SafetensorsReader.Read(path).ToDictionary(t => t.Name, StringComparer.Ordinal);
        NamedTensor Take(string name, int count) => !tensors.Remove(name, out NamedTensor? tensor)
            ? throw new TrainingException($"{path}: '{name}' is missing; is this a state of the same network and optimiser?")
            : tensor.Values.Length == count ? tensor : throw new TrainingException(Invariant($"{path}: '{name}' holds {tensor.Values.Length} values, but {count} are needed; is this a state of the same network?"));

        // First of all: another recipe explains everything else that does not fit.
        if (RecipeHash is not null && !Take(Prefix + "recipe", 16).Values.SequenceEqual(HashValues(RecipeHash)))
            throw new TrainingException($"{path}: is the state of another recipe; restore the recipe as it was, or begin a new run in another folder");

        var taken = new List<Action>();
        void Restore(Func<Span<float>> run, string prefix)
        {
            foreach (Parameter parameter in parameters.All)
            {
                float[] values = Take(prefix + parameter.Name, parameter.Count).Values;
                taken.Add(() => values.CopyTo(run().Slice(parameter.Offset, parameter.Count)));
            }
        }

        Restore(() => parameters.Values, "");
        for (int i = 0; i < optimiser.MemoryNames.Count; i++)
        {
            int index = i;
            Restore(() => optimiser.Memory(index), MemoryPrefix(index));
        }

        if (average is not null) Restore(() => average.Values, Prefix + "average:");
        ulong steps = Join(Take(Prefix + "steps", 4).Values), seed = Join(Take(Prefix + "seed", 4).Values), counter = Join(Take(Prefix + "counter", 4).Values);
        ulong[] numbers = [.. Numbers.Keys.Select(name => Join(Take(Prefix + name, 4).Values))];
        if (tensors.Keys.FirstOrDefault() is { } other) throw new TrainingException($"{path}: '{other}' is not expected; is this a state of the same network and optimiser?");

        // Nothing is changed until all has been found.
        foreach (Action take in taken) take();
        foreach ((string name, ulong number) in Numbers.Keys.ToArray().Zip(numbers)) Numbers[name] = number;
        optimiser.Steps = (long)steps;
        random.Restore(seed, counter);
    }

    private List<NamedTensor> ToTensors()
    {
        var tensors = new List<NamedTensor>(parameters.ToTensors());
        for (int i = 0; i < optimiser.MemoryNames.Count; i++) tensors.AddRange(Rename(optimiser.Memory(i), MemoryPrefix(i)));
        if (average is not null) tensors.AddRange(Rename(average.Values, Prefix + "average:"));
        tensors.Add(Split("steps", (ulong)optimiser.Steps));
        tensors.Add(Split("seed", random.Seed));
        tensors.Add(Split("counter", random.Counter));
        foreach ((string name, ulong number) in Numbers) tensors.Add(Split(name, number));
        if (RecipeHash is not null) tensors.Add(new NamedTensor(Prefix + "recipe", [16], HashValues(RecipeHash)));
        return tensors;
    }

    private IEnumerable<NamedTensor> Rename(ReadOnlySpan<float> values, string prefix) =>
        parameters.ToTensors(values).Select(t => t with { Name = prefix + t.Name });

    private string MemoryPrefix(int index) => $"{Prefix}{optimiser.MemoryNames[index]}:";

    private static float[] HashValues(string hash) => [.. hash.Chunk(4).Select(digits => (float)Convert.ToUInt16(new string(digits), 16))];

    // Files hold single precision, which is exact for 16 bits at a time.
    private static NamedTensor Split(string name, ulong number) =>
        new(Prefix + name, [4], [.. Enumerable.Range(0, 4).Select(i => (float)((number >> (16 * i)) & 0xFFFF))]);

    private static ulong Join(float[] parts)
    {
        ulong number = 0;
        for (int i = 0; i < parts.Length; i++) number |= (ulong)parts[i] << (16 * i);
        return number;
    }
}
