using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Training.Optimisers;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Tests.Optimisers;

/// <summary>Optimisers against their formulas in double precision, schedules and bounds against closed forms.</summary>
public class OptimiserTests
{
    private const int Count = 19;

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.1, false)]
    [InlineData(0.1, true)]
    public void Adam_follows_its_formula(double decay, bool isDecoupled)
    {
        using ParameterSet set = MakeSet();
        using var adam = new Adam(set) { WeightDecay = decay, IsDecoupled = isDecoupled };
        double[] w = Doubles(set.ValuesOf("w")), m = new double[Count], v = new double[Count];
        for (int step = 1; step <= 5; step++)
        {
            double rate = 0.01 / step;
            SetGradient(set, step);
            for (int i = 0; i < Count; i++)
            {
                double g = set.GradientsOf("w")[i] + (isDecoupled ? 0 : decay * w[i]);
                if (isDecoupled) w[i] *= 1 - (rate * decay);
                m[i] = (0.9 * m[i]) + (0.1 * g);
                v[i] = (0.999 * v[i]) + (0.001 * g * g);
                w[i] -= rate * (m[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }

            adam.Step(rate);
        }

        AssertEqual(w, set.ValuesOf("w"));
    }

    /// <summary>A negative slope of a surrogate would turn gradients around.</summary>
    [Fact]
    public void The_slopes_of_surrogates_stay_positive()
    {
        NetworkGraph graph = TestNetworks.Graph(1, ("sign", new Sign(), ["input"]));
        using ParameterSet set = ParameterSet.Create([graph], new TrainingSettings { Surrogate = Surrogate.ScalableTanh });
        using var descent = new StochasticGradientDescent(set);
        set.GradientsOf("sign.beta")[0] = 0.5f;
        descent.Step(1);
        Assert.Equal(0.5f, set.ValuesOf("sign.beta")[0]);
        descent.Step(1);
        Assert.Equal(Parameter.LeastSlope, set.ValuesOf("sign.beta")[0]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    public void Gradient_descent_follows_its_formula(double momentum, bool isNesterov)
    {
        using ParameterSet set = MakeSet();
        using var descent = new StochasticGradientDescent(set) { Momentum = momentum, WeightDecay = 0.05, IsNesterov = isNesterov, RateFactor = p => p.Name == "w" ? 2 : 1 };
        double[] w = Doubles(set.ValuesOf("w")), b = new double[Count];
        for (int step = 1; step <= 4; step++)
        {
            SetGradient(set, step);
            for (int i = 0; i < Count; i++)
            {
                double g = set.GradientsOf("w")[i] + (0.05 * w[i]);
                b[i] = step == 1 ? g : (momentum * b[i]) + g;
                w[i] -= 2 * 0.01 * (isNesterov ? g + (momentum * b[i]) : b[i]);
            }

            descent.Step(0.01);
        }

        AssertEqual(w, set.ValuesOf("w"));
    }

    [Fact]
    public void Frozen_parameters_stay()
    {
        using ParameterSet set = MakeSet(name => name == "w");
        float[] before = set.ValuesOf("w").ToArray(), other = set.ValuesOf("bias").ToArray();
        using var adam = new Adam(set);
        set.Gradients.Fill(1);
        adam.Step(0.1);
        Assert.Equal(before, set.ValuesOf("w").ToArray());
        Assert.NotEqual(other, set.ValuesOf("bias").ToArray());
    }

    [Fact]
    public void Clipping_bounds_the_norm_or_every_value()
    {
        using ParameterSet set = MakeSet();
        set.GradientsOf("w").Fill(2);
        double norm = Math.Sqrt(4 * Count);
        Assert.Equal(norm, GradientClipping.ByNorm(set, 100), 1e-5);
        Assert.Equal(2, set.GradientsOf("w")[0]);
        Assert.Equal(norm, GradientClipping.ByNorm(set, 1), 1e-5);
        Assert.Equal(2 / norm, set.GradientsOf("w")[Count - 1], 1e-5);
        GradientClipping.ByValue(set, 0.125f);
        Assert.All(set.GradientsOf("w").ToArray(), g => Assert.Equal(0.125f, g));
    }

    [Fact]
    public void Schedules_have_closed_forms()
    {
        var cosine = new CosineSchedule(2e-4, 100, 1e-6);
        Assert.Equal(2e-4, cosine.RateAt(0), 1e-12);
        Assert.Equal((2e-4 + 1e-6) / 2, cosine.RateAt(50), 1e-12);
        Assert.Equal(2e-4, cosine.RateAt(100), 1e-12);
        var steps = new StepSchedule(1, 0.5, 10, 20);
        Assert.Equal([1, 1, 0.5, 0.25], [steps.RateAt(0), steps.RateAt(9), steps.RateAt(10), steps.RateAt(25)]);
        var warm = new WarmUpSchedule(4, steps);
        Assert.Equal([0.25, 1, 0.5], [warm.RateAt(0), warm.RateAt(3), warm.RateAt(10)]);
    }

    [Fact]
    public void Averages_follow_and_swap()
    {
        using ParameterSet set = MakeSet();
        float first = set.ValuesOf("w")[3];
        using var average = new WeightAverage(set, 0.75);
        set.ValuesOf("w")[3] = 5;
        average.Update();
        average.Swap();
        Assert.Equal((0.75f * first) + (0.25f * 5), set.ValuesOf("w")[3], 1e-6f);
        average.Swap();
        Assert.Equal(5, set.ValuesOf("w")[3]);
    }

    [Fact]
    public void An_average_forgets_its_first_values_and_leaves_what_is_frozen_to_the_bit()
    {
        using ParameterSet set = MakeSet(name => name == "w");
        float[] frozen = set.ValuesOf("w").ToArray();
        using var average = new WeightAverage(set, 0.999);
        float wanted = set.ValuesOf("bias")[3];
        for (long step = 1; step <= 300; step++)
        {
            set.ValuesOf("bias")[3] = step;
            average.Update(step);
            wanted += (step - wanted) * (1 - Math.Min(0.999f, (1f + step) / (10 + step)));
        }

        average.Swap();
        Assert.Equal(wanted, set.ValuesOf("bias")[3], 1e-2f);
        Assert.InRange(wanted, 250, 300);
        Assert.Equal(frozen, set.ValuesOf("w").ToArray());
    }

    private static ParameterSet MakeSet(Func<string, bool>? isFrozen = null)
    {
        NetworkGraph graph = TestNetworks.Chain(Count, new Affine(TestNetworks.Random("w", Count), TestNetworks.Random("bias", Count)));
        return ParameterSet.Create([graph], new TrainingSettings { IsFrozen = isFrozen ?? (_ => false) });
    }

    private static void SetGradient(ParameterSet set, int step)
    {
        for (int i = 0; i < Count; i++) set.GradientsOf("w")[i] = MathF.Sin((i * 1.7f) + step);
    }

    private static double[] Doubles(ReadOnlySpan<float> values) => [.. values.ToArray().Select(v => (double)v)];

    private static void AssertEqual(double[] wanted, ReadOnlySpan<float> found)
    {
        for (int i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], found[i], 1e-6);
    }
}
