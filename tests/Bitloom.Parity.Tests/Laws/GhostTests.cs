using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Passes;
using Bitloom.Compiler.Planning;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>Ghosts are read where the channels lie that they are made of, at any offset and size of image, by convolutions and by sums.</summary>
public sealed class GhostTests
{
    private const double Tolerance = 3e-5;

    // By Winograd's method along columns, and in two dimensions.
    private const int Few = 32, Many = 64;

    [Theory]
    [InlineData(Few, 1, 1, false, 9, 11)]
    [InlineData(Few, 1, 1, true, 1, 1)]
    [InlineData(Few, 1, -1, false, 4, 64)]
    [InlineData(Few, -1, 0, false, 5, 65)]
    [InlineData(Few, 0, 1, false, 2, 130)]
    [InlineData(Few, 2, -3, true, 13, 3)]
    [InlineData(Few, 8, 8, true, 5, 2)]
    [InlineData(Few, -8, -8, false, 17, 12)]
    [InlineData(Many, 1, 1, true, 1, 1)]
    [InlineData(Many, -1, 1, false, 9, 11)]
    [InlineData(Many, 0, -1, false, 5, 230)]
    [InlineData(Many, 2, 3, true, 14, 201)]
    [InlineData(Many, 8, -8, true, 6, 2)]
    [InlineData(Many, -8, 8, false, 18, 33)]
    public void A_block_of_GhostSR_moves_no_ghost(int channels, int rows, int columns, bool perChannel, int height, int width)
    {
        NetworkCase network = Block(rows, columns, perChannel, height, width, channels);
        Plan plan = BloomCompiler.MakePlan(network.Graph).Value!;
        Assert.DoesNotContain(plan.Steps, s => s is RowStep);
        string kernel = channels == Few ? "convolution 3x3 by Winograd's F(4, 3)" : "convolution 3x3 by Winograd's F(4x4, 3x3)";
        Assert.Equal([kernel, kernel, "elementwise"], plan.Steps.OfType<FlatStep>().Select(s => s.Kernel));
        int ghosts = plan.Lowered.Nodes.Sum(n => (n.Operator as ShiftedChannels ?? (n.Operator as WinogradConv2d)?.Ghosts)?.Offsets.Count(o => !o.IsZero) ?? 0);
        Assert.Equal((long)ghosts * height * width * sizeof(float), PlanTotals.GhostBytesNotMoved(plan, height, width));
        Assert.True(perChannel || ghosts == channels);
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), Tolerance));
    }

    /// <summary>Farther than kernels read in place, or read by an operator that cannot: then there is a copy.</summary>
    [Theory]
    [InlineData(9, 0, 12, 5)]
    [InlineData(0, -20, 3, 30)]
    [InlineData(-64, 64, 2, 7)]
    public void Far_ghosts_are_copied(int rows, int columns, int height, int width)
    {
        NetworkCase network = Block(rows, columns, false, height, width);
        Plan plan = BloomCompiler.MakePlan(network.Graph).Value!;
        Assert.Contains(plan.Steps, s => s is RowStep { Kernel: "shift" });
        Assert.Equal(0, PlanTotals.GhostBytesNotMoved(plan, height, width));
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), Tolerance));
    }

    [Fact]
    public void Ghosts_at_offset_zero_become_weights()
    {
        NetworkGraph lowered = PassList.Lower(Block(0, 0, false, 3, 3).Graph, CancellationToken.None);
        WinogradConv2d second = lowered.Nodes.Select(n => n.Operator).OfType<WinogradConv2d>().Last();
        Assert.Equal((Few / 2, true), (second.Weight.Shape[1], second.Ghosts is null));
        NetworkCase network = Block(0, 0, false, 6, 9);
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), Tolerance));
    }

    // x + ghosts(conv(ReLU(ghosts(conv(x)))))
    private static NetworkCase Block(int rows, int columns, bool perChannel, int height, int width, int channels = Few)
    {
        var values = new RandomValues((rows * 100) + columns + width, isShort: false);
        var draft = new GraphDraft();
        string image = draft.Input("input", channels);
        int Offset(int most) => perChannel ? values.Random.Next(-Math.Abs(most), Math.Abs(most) + 1) : most;
        string Ghosts(string x)
        {
            int intrinsic = channels / 2;
            FloatTensor weight = values.Kernel(draft.WeightName("weight"), intrinsic, channels, 3, 3);
            string made = draft.Add(new Conv2d(weight, values.Vector(draft.WeightName("bias"), intrinsic, () => values.Shift(0.5)), Window.Padded(1)), x);
            int offsets = perChannel ? intrinsic : 1;
            int[] down = [.. Enumerable.Range(0, offsets).Select(_ => Offset(rows))], right = [.. Enumerable.Range(0, offsets).Select(_ => Offset(columns))];
            return draft.Add(new Concat(), made, draft.Add(new Shift(down.ToEquatableArray(), right.ToEquatableArray()), made));
        }

        string y = draft.Add(new Add(), image, Ghosts(draft.Add(new Relu(), Ghosts(image))));
        return new NetworkCase(
            $"ghosts at {rows}, {columns}, {height} x {width}", draft.Finish("ghosts", y),
            new Dictionary<string, ReferenceInterpreter.Tensor> { ["input"] = values.Input(channels, height, width) });
    }
}
