namespace Bitloom.Tool;

/// <summary>The figures of a test set as one line of JSON.</summary>
internal static class EvaluationReport
{
    /// <summary>The line.</summary>
    /// <param name="evaluation">What was measured.</param>
    /// <param name="all">The figures of all pictures.</param>
    internal static string ToJson(NetworkEvaluation evaluation, IReadOnlyList<Measurement> all) => JsonLine.Of(json =>
    {
        Metrics metrics = evaluation.Metrics;
        json.WriteString("metric", metrics.Metric);
        json.WriteString("unit", metrics.Unit);
        json.WriteNumber("images", all.Count);
        json.WriteNumber("value", Math.Round(all.Average(m => m.Value), 4));
        if (metrics.Similarity is { } similarity) json.WriteNumber(similarity.ToLowerInvariant().Replace('-', '_'), Math.Round(all.Average(m => m.Similarity), 6));
        json.WriteStartObject("baselines");
        json.WriteNumber(metrics.Baseline, Math.Round(all.Average(m => m.Baseline), 4));
        foreach ((string name, double mean) in evaluation.OtherBaselines) json.WriteNumber(name, Math.Round(mean, 4));
        json.WriteEndObject();
        if (evaluation.MeanOperations is { } operations) json.WriteNumber("macs", Math.Round(operations));
    });
}
