using System.Globalization;

namespace Bitloom.Training.Runs;

/// <summary>One validation.</summary>
/// <param name="Step">After so many steps.</param>
/// <param name="Loss">Mean loss of the steps since the last validation.</param>
/// <param name="Rate">Learning rate of the last step.</param>
/// <param name="Quality">dB, or per cent of right classes.</param>
/// <param name="Baseline">The same of the input, by bicubic enlargement for super-resolution; or of the commonest class.</param>
public sealed record CurvePoint(long Step, double Loss, double Rate, double Quality, double Baseline)
{
    /// <summary>What else is worth telling, e.g. which resolutions were chosen; not kept in the table.</summary>
    public string Remark { get; init; } = "";

    /// <summary>A row of <c>curve.csv</c>; numbers are exact.</summary>
    public string ToRow() => Invariant($"{Step},{Loss:R},{Rate:R},{Quality:R},{Baseline:R}");

    /// <summary>Reads a row; null where it is none.</summary>
    public static CurvePoint? Parse(string row)
    {
        string[] cells = row.Split(',');
        var numbers = new double[5];
        if (cells.Length != numbers.Length) return null;
        for (int i = 0; i < cells.Length; i++)
            if (!double.TryParse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])) return null;
        return new CurvePoint((long)numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }
}
