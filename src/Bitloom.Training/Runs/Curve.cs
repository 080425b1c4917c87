using System.Text;
using Bitloom.Runtime.Images;

namespace Bitloom.Training.Runs;

/// <summary>The validations of a run, as a table and as a picture.</summary>
/// <param name="folder">Where both are written.</param>
/// <param name="metric">What the quality is, e.g. <c>PSNR-Y dB</c>.</param>
internal sealed class Curve(RunFolder folder, string metric)
{
    private readonly List<CurvePoint> _points = [];

    /// <summary>All points so far.</summary>
    internal IReadOnlyList<CurvePoint> Points => _points;

    /// <summary>Takes over the table of the run that is resumed, up to the step of its state.</summary>
    internal void Load(long lastStep)
    {
        if (!File.Exists(folder.Curve)) return;
        foreach (string row in File.ReadLines(folder.Curve).Skip(1))
            if (CurvePoint.Parse(row) is { } point && point.Step <= lastStep) _points.Add(point);
    }

    /// <summary>Adds a point and writes both files.</summary>
    internal void Add(CurvePoint point)
    {
        _points.Add(point);
        Write(folder.Curve, $"step,loss,rate,{metric.ToLowerInvariant().Replace(' ', '_')},baseline\n" + string.Concat(_points.Select(p => p.ToRow() + "\n")));
        Write(folder.Plot, CurvePlot.Draw(folder.Name, metric, _points));
    }

    private static void Write(string path, string text) => WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
