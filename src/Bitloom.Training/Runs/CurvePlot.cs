using System.Text;

namespace Bitloom.Training.Runs;

/// <summary>
/// Draws a curve of validations as SVG: quality over steps with its axis at the left, the baseline dashed, and the loss, on a logarithmic
/// axis at the right.
/// </summary>
internal static class CurvePlot
{
    private const int Width = 720, Height = 400, Left = 64, Right = 72, Top = 40, Bottom = 48;
    private const int Ticks = 5;

    internal static string Draw(string title, string metric, IReadOnlyList<CurvePoint> points)
    {
        CurvePoint[] finite = [.. points.Where(p => double.IsFinite(p.Quality) && double.IsFinite(p.Baseline) && p.Loss > 0)];
        var text = new StringBuilder();
        text.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n"));
        text.Append(Invariant($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n"));
        text.Append(Invariant($"<text x=\"{Width / 2}\" y=\"22\" text-anchor=\"middle\" font-size=\"15\">{Escape(title)}</text>\n"));
        if (finite.Length > 0)
        {
            var steps = new Axis(0, Math.Max(1, finite[^1].Step), Left, Width - Right);
            Axis quality = Axis.Around(finite.SelectMany(p => new[] { p.Quality, p.Baseline }), Height - Bottom, Top);
            Axis loss = Axis.Around(finite.Select(p => Math.Log10(p.Loss)), Height - Bottom, Top);
            AppendAxes(text, steps, quality, loss, metric);
            AppendLine(text, finite.Select(p => (steps.At(p.Step), loss.At(Math.Log10(p.Loss)))), "#c05020", "");
            AppendLine(text, finite.Select(p => (steps.At(p.Step), quality.At(p.Baseline))), "#808080", " stroke-dasharray=\"5 4\"");
            AppendLine(text, finite.Select(p => (steps.At(p.Step), quality.At(p.Quality))), "#2060b0", " stroke-width=\"2\"");
        }

        return text.Append("</svg>\n").ToString();
    }

    private static void AppendAxes(StringBuilder text, Axis steps, Axis quality, Axis loss, string metric)
    {
        for (int i = 0; i <= Ticks; i++)
        {
            double share = (double)i / Ticks, y = quality.At(quality.Value(share)), x = steps.At(steps.Value(share));
            text.Append(Invariant($"<line x1=\"{Left}\" y1=\"{y:0.0}\" x2=\"{Width - Right}\" y2=\"{y:0.0}\" stroke=\"#e4e4e4\"/>\n"));
            text.Append(Invariant($"<text x=\"{Left - 6}\" y=\"{y + 4:0.0}\" text-anchor=\"end\" fill=\"#2060b0\">{quality.Value(share):0.00}</text>\n"));
            text.Append(Invariant($"<text x=\"{Width - Right + 6}\" y=\"{y + 4:0.0}\" fill=\"#c05020\">{Math.Pow(10, loss.Value(share)):0.####}</text>\n"));
            text.Append(Invariant($"<text x=\"{x:0.0}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{steps.Value(share):0}</text>\n"));
        }

        text.Append(Invariant($"<text x=\"{Left}\" y=\"{Top - 8}\" fill=\"#2060b0\">{Escape(metric)} (baseline dashed)</text>\n"));
        text.Append(Invariant($"<text x=\"{Width - Right}\" y=\"{Top - 8}\" text-anchor=\"end\" fill=\"#c05020\">loss</text>\n"));
        text.Append(Invariant($"<text x=\"{Width / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">steps</text>\n"));
    }

    private static void AppendLine(StringBuilder text, IEnumerable<(double X, double Y)> points, string colour, string style) =>
        text.Append($"<polyline fill=\"none\" stroke=\"{colour}\"{style} points=\"{string.Join(' ', points.Select(p => Invariant($"{p.X:0.0},{p.Y:0.0}")))}\"/>\n");

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    /// <summary>Values from <paramref name="Least"/> to <paramref name="Most"/> on a line of the picture.</summary>
    private sealed record Axis(double Least, double Most, double Start, double End)
    {
        internal static Axis Around(IEnumerable<double> values, double start, double end)
        {
            double least = values.Min(), most = values.Max(), margin = Math.Max((most - least) * 0.05, 1e-3);
            return new Axis(least - margin, most + margin, start, end);
        }

        internal double At(double value) => Start + ((value - Least) / (Most - Least) * (End - Start));

        internal double Value(double share) => Least + (share * (Most - Least));
    }
}
