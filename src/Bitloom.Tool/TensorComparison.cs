using System.Globalization;

namespace Bitloom.Tool;

/// <summary>How far computed values are from wanted ones.</summary>
/// <param name="Largest">Largest absolute difference; NaN where a computed value is NaN.</param>
/// <param name="Mean">Mean absolute difference; NaN where a computed value is NaN.</param>
/// <param name="Psnr">Peak signal-to-noise ratio in dB, the peak being the largest magnitude wanted; infinite where all are equal.</param>
/// <param name="Count">Values compared.</param>
internal sealed record TensorComparison(double Largest, double Mean, double Psnr, long Count)
{
    /// <summary>Compares two tensors of equal length.</summary>
    internal static TensorComparison Of(ReadOnlySpan<float> computed, ReadOnlySpan<float> wanted)
    {
        double largest = 0, sum = 0, squares = 0, peak = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            double difference = Math.Abs((double)computed[i] - wanted[i]);
            largest = Math.Max(largest, difference);
            sum += difference;
            squares += difference * difference;
            peak = Math.Max(peak, Math.Abs((double)wanted[i]));
        }

        // A signal of zeros has no magnitude to measure against: 1 stands in.
        double psnr = 10 * Math.Log10((peak > 0 ? peak * peak : 1) * wanted.Length / squares);
        return new TensorComparison(largest, sum / wanted.Length, psnr, wanted.Length);
    }

    /// <summary>True where the mean is no larger than <paramref name="tolerance"/>; NaN never is.</summary>
    internal bool IsWithin(double tolerance) => Mean <= tolerance;

    /// <summary>The line that scripts read: <c>max X mean Y psnr Z over N values</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"max {Number(Largest)} mean {Number(Mean)} psnr {(double.IsPositiveInfinity(Psnr) ? "inf" : double.IsNaN(Psnr) ? "nan" : Psnr.ToString("0.00", CultureInfo.InvariantCulture))} over {Count} values");

    /// <summary>A difference with four digits.</summary>
    internal static string Number(double value) => double.IsFinite(value)
        ? value.ToString("0.000e-00", CultureInfo.InvariantCulture)
        : double.IsNaN(value) ? "nan" : "inf";
}
