using System.Globalization;

namespace Bitloom.Import.Onnx;

/// <summary>What an import did: counts, and sentences for the user.</summary>
/// <param name="Nodes">Nodes of the file; all of them are accounted for, else there is no report.</param>
/// <param name="BinaryConvolutions">Convolutions of signs with one-bit weights.</param>
/// <param name="FullPrecision">Other convolutions.</param>
/// <param name="Shifts">Operators that only move pixels: one-hot convolutions, or padding and slicing.</param>
/// <param name="Gates">Resolution gates.</param>
/// <param name="WorstDeviation">Largest relative difference between a binary weight in the file and +-scale.</param>
/// <param name="Lines">One sentence each: convolutions, what was removed, what was decided.</param>
public sealed record ImportReport(
    int Nodes, int BinaryConvolutions, int FullPrecision, int Shifts, int Gates, double WorstDeviation, IReadOnlyList<string> Lines)
{
    /// <summary>The last line that <c>bitloom import</c> prints.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"imported {Nodes} of {Nodes} nodes: {BinaryConvolutions} binary convolutions, {FullPrecision} full-precision, {Shifts} shifts, {Gates} gates");
}

/// <summary>Collects a report while an import runs.</summary>
internal sealed class ImportLog
{
    private readonly List<string> _convolutions = [];
    private readonly List<string> _notes = [];
    private readonly SortedDictionary<string, int> _removed = new(StringComparer.Ordinal);
    private int _binary;
    private int _fullPrecision;
    private int _shifts;
    private int _doubled;
    private double _worstDeviation;

    /// <summary>Counts nodes that a pass removed.</summary>
    internal void Removed(string what, int count)
    {
        if (count > 0) _removed[what] = _removed.GetValueOrDefault(what) + count;
    }

    /// <summary>A log that goes on from here on its own.</summary>
    internal ImportLog Copy()
    {
        var copy = new ImportLog { _binary = _binary, _fullPrecision = _fullPrecision, _shifts = _shifts, _doubled = _doubled, _worstDeviation = _worstDeviation };
        copy._convolutions.AddRange(_convolutions);
        copy._notes.AddRange(_notes);
        foreach ((string what, int count) in _removed) copy._removed.Add(what, count);
        return copy;
    }

    internal void Note(string sentence) => _notes.Add(sentence);

    internal void Binary(string node, double deviation)
    {
        _binary++;
        _worstDeviation = Math.Max(_worstDeviation, deviation);
        _convolutions.Add(string.Create(CultureInfo.InvariantCulture, $"{node}: binary, weights within {deviation:0.0e+0} of +-scale"));
    }

    internal void FullPrecision(string node, string reason)
    {
        _fullPrecision++;
        _convolutions.Add($"{node}: full precision, {reason}");
    }

    internal void Shift(string node)
    {
        _shifts++;
        _convolutions.Add($"{node}: a shift, each channel moves by whole pixels");
    }

    /// <summary>Counts a binary convolution that is computed over signs and over their opposites.</summary>
    internal void Doubled() => _doubled++;

    /// <summary>Counts shifts that are not written as convolutions.</summary>
    internal void OtherShifts(int count) => _shifts += count;

    internal ImportReport Finish(int nodes)
    {
        IEnumerable<string> removed = _removed.Select(r => string.Create(CultureInfo.InvariantCulture, $"removed {r.Value} {r.Key}"));
        var lines = new List<string>([.. _convolutions, .. removed, .. _notes]);
        if (_doubled > 0) lines.Add(string.Create(CultureInfo.InvariantCulture, $"sign(0) = 0 is kept: {_doubled} binary convolutions are computed over Sign(x) and Sign(-x), twice the binary work"));
        if (_binary > 0) lines.Add(string.Create(CultureInfo.InvariantCulture, $"worst deviation of a binary weight from +-scale: {_worstDeviation:0.0e+0}"));
        return new ImportReport(nodes, _binary, _fullPrecision, _shifts, 0, _worstDeviation, lines);
    }
}
