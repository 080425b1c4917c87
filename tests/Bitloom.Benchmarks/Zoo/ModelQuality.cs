using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bitloom.Benchmarks.Zoo;

/// <summary>A model's figures, as the file <c>quality.json</c> beside it keeps them.</summary>
/// <param name="Model">Content hash of the descriptor that was measured.</param>
/// <param name="Sets">One for each test set.</param>
internal sealed record ModelQuality(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("sets")] IReadOnlyList<SetQuality> Sets)
{
    /// <summary>Name of the file.</summary>
    internal const string FileName = "quality.json";

    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, NewLine = "\n", DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The figures in a model's folder; null where there are none.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    internal static ModelQuality? Read(string folder) => Path.Combine(folder, FileName) is var path && File.Exists(path) ? Parse(File.ReadAllText(path), path) : null;

    /// <summary>Writes the figures into a model's folder.</summary>
    internal void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), ToJson());

    /// <summary>Reads the text of the file.</summary>
    /// <exception cref="FormatException">It is damaged; the message names <paramref name="path"/>.</exception>
    internal static ModelQuality Parse(string text, string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelQuality>(text) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException failure)
        {
            throw new FormatException($"{path}: {failure.Message} Delete it and run the zoo mode with --measure.");
        }
    }

    /// <summary>The text of the file.</summary>
    internal string ToJson() => JsonSerializer.Serialize(this, s_options) + "\n";
}

/// <summary>Figures on one test set.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Task">The task, as recipes write it.</param>
/// <param name="Figures">What <c>bitloom evaluate --json</c> prints.</param>
internal sealed record SetQuality(
    [property: JsonPropertyName("set")] string Set,
    [property: JsonPropertyName("task")] string Task,
    [property: JsonPropertyName("figures")] Figures Figures);

/// <summary>What <c>bitloom evaluate --json</c> prints.</summary>
/// <param name="Metric">E.g. <c>PSNR-Y</c>.</param>
/// <param name="Unit"><c>dB</c> or <c>%</c>.</param>
/// <param name="Images">Pictures of the set.</param>
/// <param name="Value">The mean.</param>
/// <param name="Baselines">Means of what the network is held against, by name.</param>
/// <param name="Operations">Mean multiply-accumulates of a picture; null where pictures differ in size.</param>
internal sealed record Figures(
    [property: JsonPropertyName("metric")] string Metric,
    [property: JsonPropertyName("unit")] string Unit,
    [property: JsonPropertyName("images")] int Images,
    [property: JsonPropertyName("value")] double Value,
    [property: JsonPropertyName("baselines")] IReadOnlyDictionary<string, double> Baselines,
    [property: JsonPropertyName("macs")] double? Operations);
