using System.Globalization;
using Bitloom.Benchmarks.Reports;
using Bitloom.Benchmarks.Zoo;
using Bitloom.Training.Runs;

namespace Bitloom.Benchmarks.Ablations;

/// <summary>The results of ablations as Markdown: a table for each group.</summary>
internal static class AblationReport
{
    private const string Missing = "not run";

    /// <summary>The text.</summary>
    /// <param name="curves">Validations of a finished recipe by its name; null where it is not finished.</param>
    /// <param name="quality">Figures of a model of the zoo; null where there are none.</param>
    internal static string Compose(Func<string, IReadOnlyList<CurvePoint>?> curves, Func<string, ModelQuality?> quality)
    {
        string[] sections = [.. AblationGroup.All.Select(group => $"## {group.Title}\n\n{TableOf(group, curves)}")];
        const string Notes = "PSNR-Y on patches of Set5, x2, at the end and at its best; the mean L1 loss of the last part of the run. Every run has the same seed, samples and steps "
            + "within a group; short runs of small networks, so differences below a tenth of a decibel may be chance.";
        string resolutions = $"## Resolution\n\n{ResolutionTable(quality)}";
        const string ResolutionNotes = "Whole models of the zoo on their test set, multiply-accumulates with the predictor's; of its few hundred pictures each is about a quarter of a point.";
        return ResultsFile.Compose("Ablations", ["recipes in models/ablations; models of the zoo"], [.. sections, Notes, resolutions, ResolutionNotes]);
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

    private static MarkdownTable ResolutionTable(Func<string, ModelQuality?> quality)
    {
        var table = new MarkdownTable(2, "resolution", "model", "top-1 %", "mean M MACs");
        foreach ((string name, string model) in AblationGroup.Resolutions)
        {
            Figures? figures = quality(model)?.Sets.Single().Figures;
            table.Add(name, model, figures is null ? Missing : Text(figures.Value, "0.00"), figures?.Operations is { } operations ? Text(operations / 1e6, "0.00") : "");
        }

        return table;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
