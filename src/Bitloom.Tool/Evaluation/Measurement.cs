using System.Globalization;

namespace Bitloom.Tool;

/// <summary>What is measured and what it is held against.</summary>
/// <param name="Metric">E.g. <c>PSNR-Y</c>.</param>
/// <param name="Unit"><c>dB</c> or <c>%</c>.</param>
/// <param name="Baseline">E.g. <c>bicubic</c>.</param>
/// <param name="Similarity">Name of the second metric, e.g. <c>SSIM-Y</c>; null where there is none.</param>
internal sealed record Metrics(string Metric, string Unit, string Baseline, string? Similarity);

/// <summary>One picture's figures.</summary>
/// <param name="Name">The picture.</param>
/// <param name="Value">Of the network's result.</param>
/// <param name="Baseline">Of the baseline.</param>
/// <param name="Similarity">The second metric of the result.</param>
/// <param name="BaselineSimilarity">The second metric of the baseline.</param>
internal readonly record struct Measurement(string Name, double Value, double Baseline, double Similarity = 0, double BaselineSimilarity = 0)
{
    /// <summary>The picture's line.</summary>
    internal string Line(Metrics metrics) => metrics.Similarity is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Name}: {metrics.Metric} {Value:0.00} {metrics.Unit} | {metrics.Baseline} {Baseline:0.00} {metrics.Unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{Name}: {metrics.Metric} {Value:0.00} {metrics.Unit} {metrics.Similarity} {Similarity:0.0000} | {metrics.Baseline} {Baseline:0.00} {metrics.Unit} {BaselineSimilarity:0.0000}");

    /// <summary>The lines about all pictures, the first metric last.</summary>
    internal static IReadOnlyList<string> Summarize(Metrics metrics, IReadOnlyList<Measurement> all)
    {
        string images = string.Create(CultureInfo.InvariantCulture, $"over {all.Count} {(all.Count == 1 ? "image" : "images")} | baseline {metrics.Baseline}");
        string mean = string.Create(CultureInfo.InvariantCulture, $"mean {metrics.Metric} {all.Average(m => m.Value):0.00} {metrics.Unit} {images} {all.Average(m => m.Baseline):0.00} {metrics.Unit}");
        return metrics.Similarity is null ? [mean]
            : [string.Create(CultureInfo.InvariantCulture, $"mean {metrics.Similarity} {all.Average(m => m.Similarity):0.0000} {images} {all.Average(m => m.BaselineSimilarity):0.0000}"), mean];
    }
}
