namespace Bitloom.Spectral.Sensing;

/// <summary>Noise of a sensor: shot noise of counted photons, then Gaussian noise of reading. Equal seeds give equal noise.</summary>
/// <param name="Photons">Photons that a measured value of 1 stands for; 0 for no shot noise.</param>
/// <param name="Deviation">Standard deviation of the Gaussian noise, in units of the measurement; 0 for none.</param>
/// <param name="Seed">Any number.</param>
public sealed record SensorNoise(double Photons, double Deviation, int Seed)
{
    // Above this many photons a rounded normal number stands for a Poisson one: their distributions differ by less than 1 %.
    private const double ManyPhotons = 256;

    /// <summary>A measurement with noise added. Negative values of the input count no photons.</summary>
    public Plane AddTo(Plane measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var random = new Random(Seed);
        var values = new float[measurement.Values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double value = measurement.Values[i];
            if (Photons > 0) value = Poisson(random, Math.Max(0, value) * Photons) / Photons;
            if (Deviation > 0) value += Deviation * Normal(random);
            values[i] = (float)value;
        }

        return measurement with { Values = values };
    }

    // Knuth's method: how many uniform numbers can be multiplied before the product falls below e^-mean.
    private static double Poisson(Random random, double mean)
    {
        if (mean > ManyPhotons) return Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * Normal(random))));
        double limit = Math.Exp(-mean), product = random.NextDouble();
        int count = 0;
        for (; product > limit; count++) product *= random.NextDouble();
        return count;
    }

    // Box and Muller's method; 1 - u is never 0.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
