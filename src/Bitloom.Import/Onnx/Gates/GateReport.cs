using System.Globalization;

namespace Bitloom.Import.Onnx.Gates;

/// <summary>The report of a merged import. What branches share counts once.</summary>
internal static class GateReport
{
    internal static ImportReport Of(GatePart predictor, GatePart[] parts, SharedBranches shared)
    {
        ImportReport scoring = predictor.Import.Report, first = parts[0].Import.Report;
        var lines = new List<string>();
        foreach (GatePart part in new[] { predictor, parts[0] }) lines.AddRange(part.Import.Report.Lines.Select(l => $"{part.Name}: {l}"));
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"branches in the order of scores: {string.Join(", ", parts.Select((p, i) => string.Create(CultureInfo.InvariantCulture, $"{i} = {p.Name} ({p.Size.Height} x {p.Size.Width})")))}"));
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{shared.Convolutions} convolutions have the same weights in all {parts.Length} branches and are stored once; {shared.Scaled} of them times a scale a channel of the branch, within {shared.WorstDeviation:0.0e+0} of the files"));
        return new ImportReport(
            scoring.Nodes + parts.Sum(p => p.Import.Report.Nodes), scoring.BinaryConvolutions + first.BinaryConvolutions, scoring.FullPrecision + first.FullPrecision,
            scoring.Shifts + first.Shifts, 1, Math.Max(scoring.WorstDeviation, parts.Max(p => p.Import.Report.WorstDeviation)), lines);
    }
}
