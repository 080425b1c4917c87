using Bitloom.Training.State;

namespace Bitloom.Training.Data;

/// <summary>
/// Another light and other materials for a cube: each band is multiplied by <c>exp(level + tilt * cos(pi t) + bend * cos(2 pi t))</c>, t from 0 to 1 over
/// the bands. Spectra of scenes are smooth, and so they stay.
/// </summary>
/// <param name="Level">Logarithm of the factor of all bands.</param>
/// <param name="Tilt">Of the first bands against the last.</param>
/// <param name="Bend">Of the outer bands against those in the middle.</param>
public readonly record struct SpectrumVariation(double Level, double Tilt, double Bend)
{
    /// <summary>Numbers from -<paramref name="reach"/> to <paramref name="reach"/>; draws three.</summary>
    public static SpectrumVariation Draw(CounterRandom random, double reach)
    {
        double Number() => ((2 * random.NextUniform()) - 1) * reach;
        return new SpectrumVariation(Number(), Number(), Number());
    }

    /// <summary>Changes a cube's values; where one would be above 1, all are divided by the largest.</summary>
    /// <param name="values">bands x height x width, from 0 to 1.</param>
    /// <param name="bands">How many bands, at least 2.</param>
    public void Apply(Span<float> values, int bands)
    {
        int plane = values.Length / bands;
        float highest = 1;
        for (int band = 0; band < bands; band++)
        {
            double t = band / (bands - 1.0);
            float factor = (float)Math.Exp(Level + (Tilt * Math.Cos(Math.PI * t)) + (Bend * Math.Cos(2 * Math.PI * t)));
            foreach (ref float value in values.Slice(band * plane, plane))
            {
                value *= factor;
                highest = Math.Max(highest, value);
            }
        }

        if (highest > 1)
            foreach (ref float value in values) value /= highest;
    }
}
