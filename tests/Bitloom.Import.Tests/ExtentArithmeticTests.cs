using Bitloom.Compiler.Graph;
using Bitloom.Import.Onnx;

namespace Bitloom.Import.Tests;

/// <summary>Arithmetic on sizes means what the same arithmetic on numbers does.</summary>
public sealed class ExtentArithmeticTests
{
    private static readonly string[] Operators = ["Add", "Sub", "Mul", "Div", "Mod", "Min", "Max"];

    /// <summary>Random programs over one size, evaluated at many: where the importer gives an answer, it is right.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    public void Random_programs_are_evaluated_exactly(int multiple)
    {
        var random = new Random(12345);
        int known = 0;
        for (int round = 0; round < 3000; round++)
        {
            var extents = new List<Extent> { Extent.Symbol("height", multiple), Extent.Constant(random.Next(-9, 10)), Extent.Constant(random.Next(1, 17)) };
            var programs = new List<Func<long, long>> { h => h, Constant(extents[1]), Constant(extents[2]) };
            for (int step = 0; step < 5; step++)
            {
                (int a, int b, string @operator) = (random.Next(extents.Count), random.Next(extents.Count), Operators[random.Next(Operators.Length)]);
                if (ExtentArithmetic.Compute(@operator, extents[a], extents[b], isReal: false) is not { } result) continue;
                (Func<long, long> left, Func<long, long> right) = (programs[a], programs[b]);
                extents.Add(result);
                programs.Add(h => Apply(@operator, left(h), right(h)));
                known++;
            }

            for (int size = multiple; size < 40 * multiple; size += multiple)
                for (int i = 0; i < extents.Count; i++)
                    AssertEqual(programs[i], extents[i], size);
        }

        Assert.InRange(known, 3000, int.MaxValue);
    }

    [Fact]
    public void Equal_sizes_are_equal_however_they_are_made()
    {
        Extent height = Extent.Symbol("height");
        Assert.True(ExtentArithmetic.AreEqual(height.Derive(1, 1, 2).Derive(1, 1, 2), height.Derive(1, 3, 4)));
        Assert.True(ExtentArithmetic.AreEqual(height.Derive(1, 3, 2), height.Derive(1, 1, 2).Derive(1, 1, 1)));
        Assert.False(ExtentArithmetic.AreEqual(height.Derive(1, 1, 2), height.Derive(1, 0, 2)));
        Assert.Null(ExtentArithmetic.Compute("Add", height, Extent.Symbol("width"), isReal: false));
        Assert.Equal(3, ExtentArithmetic.Difference(height.Derive(1, 7, 2), height.Derive(1, 1, 2)));
    }

    // A program that divides by 0 at a size says nothing about it.
    private static void AssertEqual(Func<long, long> program, Extent extent, int size)
    {
        long expected;
        try
        {
            expected = program(size);
        }
        catch (DivideByZeroException)
        {
            return;
        }

        Assert.Equal(expected, extent.Evaluate(new Dictionary<string, int> { ["height"] = size }));
    }

    private static Func<long, long> Constant(Extent extent) => _ => ((ConstantExtent)extent).Value;

    // ONNX divides towards zero; Mod has the divisor's sign.
    private static long Apply(string @operator, long a, long b) => @operator switch
    {
        "Add" => a + b,
        "Sub" => a - b,
        "Mul" => a * b,
        "Div" => a / b,
        "Mod" => ((a % b) + b) % b,
        "Min" => Math.Min(a, b),
        _ => Math.Max(a, b),
    };
}
