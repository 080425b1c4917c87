using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.Laws;
using Bitloom.Parity.Tests.RandomGraphs;
using Bitloom.ReferenceInterpreter;
using Xunit.Sdk;

namespace Bitloom.Parity.Tests.HarnessTests;

/// <summary>The harness itself: it must see differences, draw the same networks every time, and shrink what fails.</summary>
public sealed class HarnessTests
{
    [Fact]
    public void A_seed_always_draws_the_same_network()
    {
        NetworkCase first = RandomNetwork.Draw(11, GraphKind.Mixed), second = RandomNetwork.Draw(11, GraphKind.Mixed);
        Assert.Equal(first.Graph, second.Graph);
        Assert.Equal(first.Inputs["input"].Values, second.Inputs["input"].Values);
    }

    [Fact]
    public void Random_networks_cover_every_operator_of_the_descriptor_format()
    {
        IEnumerable<string> drawn = Enumerable.Range(0, 200).SelectMany(seed => RandomNetwork.Draw(seed, GraphKind.Mixed).Graph.Nodes).Select(n => n.Operator.Kind);
        string[] all = [.. typeof(Operator).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Operator)) && !t.IsAbstract && t != typeof(Subsample) && t != typeof(WinogradConv2d) && t != typeof(ShiftedChannels)).Select(t => t.Name)];
        Assert.Equal(all.Order(StringComparer.Ordinal), drawn.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_failing_network_shrinks_to_the_operator_at_fault()
    {
        var draft = new GraphDraft();
        string x = draft.Add(new Relu(), draft.Input("input", 4));
        x = draft.Add(new Scale(2), draft.Add(new PixelShuffle(2), draft.Add(new LeakyRelu(0.5f), x)));
        var network = new NetworkCase("fault", draft.Finish("fault", x), new Dictionary<string, Tensor> { ["input"] = Tensor.Zeros(4, 6, 7) });

        var failure = Assert.Throws<FailException>(() =>
            GraphShrinker.Check(network, n => n.Width >= 3 && n.Graph.Nodes.Any(node => node.Operator is PixelShuffle) ? "at fault" : null));
        Assert.Contains("at fault\nSmallest failing case, found from fault, 1 x 3:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("PixelShuffle", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Relu", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Scale", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_law_that_throws_fails() =>
        Assert.Contains("out of range", Assert.Throws<FailException>(() =>
            GraphShrinker.Check(RandomNetwork.Draw(0, GraphKind.Binary), _ => throw new IndexOutOfRangeException("out of range"))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_engine_that_differs_in_one_bit_is_found()
    {
        var draft = new GraphDraft();
        var network = new NetworkCase(
            "relu", draft.Finish("relu", draft.Add(new Relu(), draft.Input("input", 1))), new Dictionary<string, Tensor> { ["input"] = new Tensor(1, 1, 3, [1, 2, 3]) });
        Dictionary<string, Tensor> right = new() { ["output"] = new Tensor(1, 1, 3, [1, 2, 3]) };
        Dictionary<string, Tensor> wrong = new() { ["output"] = new Tensor(1, 1, 3, [1, MathF.BitIncrement(2), 3]) };
        Assert.Null(AgreementTests.CheckEveryEngine(network, right, tolerance: 0));
        Assert.Contains("1 of 3 values differ", AgreementTests.CheckEveryEngine(network, wrong, tolerance: 0), StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_are_counted_measured_and_placed()
    {
        var expected = new Tensor(1, 2, 2, [0, 1, 2, 3]);
        Difference difference = Difference.Between("t", expected, new Tensor(1, 2, 2, [-0.0f, 1, 4, 3]));
        Assert.Equal((1, 2.0, 0.5), (difference.Unequal, difference.Max, difference.Mean));
        Assert.Equal("at (0, 1, 0): expected 2, got 4", difference.First);
    }

    [Fact]
    public void A_value_never_written_is_infinitely_far() =>
        Assert.Equal(double.PositiveInfinity, Difference.Between("t", Tensor.Zeros(1, 1, 2), new Tensor(1, 1, 2, [0, float.NaN])).Max);

    [Fact]
    public void Negative_zero_differs_in_bits_only()
    {
        Dictionary<string, Tensor> zero = new() { ["t"] = Tensor.Zeros(1, 1, 1) }, negative = new() { ["t"] = new Tensor(1, 1, 1, [-0.0f]) };
        Assert.NotNull(Difference.InBits(zero, negative));
        Assert.Equal(0, Difference.BetweenAll(zero, negative)[0].Unequal);
    }

    [Theory]
    [InlineData(0.25f, true)]
    [InlineData(0.1f, false)]
    public void Sums_of_short_values_are_exact(float value, bool exact)
    {
        var draft = new GraphDraft();
        string x = draft.Add(new Conv2d(new FloatTensor("w", [1, 2, 1, 1], [0.5f, 3]), null, new Window()), draft.Input("input", 2));
        Dictionary<string, Tensor> inputs = new() { ["input"] = new Tensor(2, 1, 1, [value, 7]) };
        NetworkGraph graph = draft.Finish("sum", x);
        Assert.Equal(exact, ExactSums.Hold(graph, Interpreter.RunAll(graph, inputs)));
    }

    [Fact]
    public void Margins_count_only_signs_behind_rounded_sums()
    {
        var draft = new GraphDraft();
        string x = draft.Input("input", 1), sum = draft.Add(new Conv2d(new FloatTensor("w", [1, 1, 1, 1], [1]), null, new Window()), x);
        var op = new BinaryConv2d(BitTensor.FromSigns("b", [1, 1, 1, 1], [1]), new Window());
        NetworkGraph before = draft.Finish("before", draft.Add(op, draft.Add(new Sign(), x)), sum);
        NetworkGraph behind = draft.Finish("behind", draft.Add(op, draft.Add(new Sign(), sum)));
        Dictionary<string, Tensor> inputs = new() { ["input"] = new Tensor(1, 1, 2, [0.5f, -1.5f]) };
        Assert.Equal(double.PositiveInfinity, SignMargins.Least(before, Interpreter.RunAll(before, inputs)));
        Assert.Equal(0.5, SignMargins.Least(behind, Interpreter.RunAll(behind, inputs)));
    }
}
