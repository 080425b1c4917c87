using System.Globalization;
using Bitloom.Benchmarks.Reports;
using Bitloom.Training.Runs;

namespace Bitloom.Benchmarks.Ablations;

/// <summary>The results of ablations as Markdown: a table for each group.</summary>
internal static class AblationReport
{
    private const string Missing = "not run";

    /// <summary>The text.</summary>
    /// <param name="curves">Validations of a finished recipe by its name; null where it is not finished.</param>
    internal static string Compose(Func<string, IReadOnlyList<CurvePoint>?> curves)
    {
        string[] sections = [.. AblationGroup.All.Select(group => $"## {group.Title}\n\n{TableOf(group, curves)}")];
        const string Notes = "PSNR-Y on patches of Set5, x2, at the end and at its best; the mean L1 loss of the last part of the run. Every run has the same seed, samples and steps "
            + "within a group; short runs of small networks, so differences below a tenth of a decibel may be chance.";
        return ResultsFile.Compose("Ablations", ["recipes in models/ablations"], [.. sections, Notes]);
    }

    private static MarkdownTable TableOf(AblationGroup group, Func<string, IReadOnlyList<CurvePoint>?> curves)
    {
        var table = new MarkdownTable(1, group.Title.ToLowerInvariant(), "PSNR-Y dB", "best dB", "bicubic dB", "loss", "steps");
        foreach (AblationVariant variant in group.Variants)
        {
            if (curves(variant.Recipe) is not { Count: > 0 } points)
            {
                table.Add(variant.Name, Missing, "", "", "", "");
                continue;
            }

            CurvePoint last = points[^1];
            table.Add(
                variant.Name, Text(last.Quality, "0.00"), Text(points.Max(p => p.Quality), "0.00"), Text(last.Baseline, "0.00"), Text(last.Loss, "0.00000"),
                last.Step.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
