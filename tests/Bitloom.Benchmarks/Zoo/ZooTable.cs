using System.Globalization;
using Bitloom.Benchmarks.Reports;

namespace Bitloom.Benchmarks.Zoo;

/// <summary>The table of <c>models/README.md</c>.</summary>
internal static class ZooTable
{
    private const string NotMeasured = "not measured";

    /// <summary>A row for each model.</summary>
    /// <param name="models">The models, each with its figures; null where there are none, or only those of other weights.</param>
    internal static string Compose(IEnumerable<(ZooModel Model, ModelQuality? Quality)> models)
    {
        var table = new MarkdownTable(3, "model", "does", "quality, and what it is held against", "parameters", "of one bit");
        foreach ((ZooModel model, ModelQuality? quality) in models)
            table.Add(
                $"[{model.Name}]({model.Name}/CARD.md)", model.Graph.Description,
                quality is null ? NotMeasured : string.Join("; ", quality.Sets.Select(Quality)),
                Count(model.Parameters.All), Count(model.Parameters.Binary));
        return table.ToString();
    }

    private static string Quality(SetQuality set)
    {
        string cost = set.Figures.Operations is { } operations ? string.Create(CultureInfo.InvariantCulture, $" at {operations / 1e6:0.00} M MACs") : "";
        string baselines = string.Join(", ", set.Figures.Baselines.Select(b => $"{b.Key} {Number(b.Value)}"));
        return $"{set.Set} {Number(set.Figures.Value)} {set.Figures.Unit}{cost} ({baselines})";
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
