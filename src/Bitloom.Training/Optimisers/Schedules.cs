namespace Bitloom.Training.Optimisers;

/// <summary>The learning rate of each step.</summary>
public abstract record Schedule
{
    /// <summary>The rate of a step, counted from 0.</summary>
    public abstract double RateAt(long step);
}

/// <summary>
/// Half a cosine from <paramref name="Rate"/> at step 0 to <paramref name="Least"/> at step <paramref name="Period"/>, and again from the
/// start if training goes on (SGDR; Loshchilov and Hutter, 2017).
/// </summary>
/// <param name="Rate">The first rate.</param>
/// <param name="Period">Steps of a cycle.</param>
/// <param name="Least">The last rate.</param>
public sealed record CosineSchedule(double Rate, long Period, double Least = 0) : Schedule
{
    /// <inheritdoc/>
    public override double RateAt(long step) => Least + ((Rate - Least) * (1 + Math.Cos(Math.PI * (step % Period) / Period)) / 2);
}

/// <summary>A rate that is multiplied by a factor at each of some steps.</summary>
/// <param name="Rate">The first rate.</param>
/// <param name="Factor">What it is multiplied by.</param>
/// <param name="At">The steps, rising.</param>
public sealed record StepSchedule(double Rate, double Factor, params long[] At) : Schedule
{
    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        int passed = 0;
        while (passed < At.Length && At[passed] <= step) passed++;
        return Rate * Math.Pow(Factor, passed);
    }
}

/// <summary>A rate that rises evenly over the first steps of another schedule.</summary>
/// <param name="Steps">Steps until the full rate.</param>
/// <param name="Then">The schedule.</param>
public sealed record WarmUpSchedule(long Steps, Schedule Then) : Schedule
{
    /// <inheritdoc/>
    public override double RateAt(long step) => Then.RateAt(step) * Math.Min(1.0, (step + 1.0) / Math.Max(Steps, 1));
}
