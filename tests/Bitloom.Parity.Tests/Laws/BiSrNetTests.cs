using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Passes;
using Bitloom.Compiler.Planning;
using Bitloom.Import.Architectures;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>Whole BiSRNets with few bands and random weights, on images of any size.</summary>
public sealed class BiSrNetTests
{
    // Some sixty layers behind one another, two of them normalised sums of fp32 products.
    private const double Tolerance = 5e-5;

    // Between the interpreter's and the kernels' rounding at the deepest sign; seeds are chosen to leave more room.
    private const double LeastMargin = 5e-6;
    private const int MostSeeds = 40;

    [Theory]
    [InlineData(2, 9, 9)]
    [InlineData(3, 8, 16)]
    [InlineData(2, 13, 10)]
    [InlineData(5, 5, 11)]
    public void Small_networks_agree_with_the_interpreter(int bands, int height, int width)
    {
        for (int seed = 0; seed < MostSeeds; seed++)
        {
            NetworkCase network = Draw(bands, height, width, (ulong)seed);
            NetworkCase lowered = network with { Graph = PassList.Lower(network.Graph, CancellationToken.None) };
            IReadOnlyDictionary<string, Tensor> tensors = Interpreter.RunAll(lowered.Graph, lowered.Inputs);
            if (SignMargins.Least(lowered.Graph, tensors) < LeastMargin) continue;
            Assert.Null(AgreementTests.CheckEveryEngine(network, lowered.Interpret(), Tolerance));
            return;
        }

        Assert.Fail($"no seed below {MostSeeds} keeps all signs away from 0");
    }

    /// <summary>Shares of work follow the threads' speeds from run to run; what is computed does not.</summary>
    [Fact]
    public void Threads_of_unequal_speed_give_the_same_bits()
    {
        NetworkCase network = Draw(7, 283, 270, 1);
        using CompiledModel model = CompiledModel.Compile(network.Graph);
        IReadOnlyDictionary<string, Tensor> first = model.Run(network);
        using BloomSession session = model.CreateSession(network, threads: 3);
        using var isOver = new CancellationTokenSource();
        var rival = new Thread(() =>
        {
            while (!isOver.IsCancellationRequested) Thread.SpinWait(1000);
        });
        rival.Start();
        try
        {
            for (int run = 0; run < 12; run++) Assert.Null(Difference.InBits(first, CompiledModel.Run(session, network)));
        }
        finally
        {
            isOver.Cancel();
            rival.Join();
        }
    }

    /// <summary>
    /// Depth first with folded tensors on large images. Some of a million signs lie within rounding of 0, so the mean difference is judged;
    /// among each other, engines of one width must agree to the last bit.
    /// </summary>
    [Fact]
    public void Large_images_run_depth_first_with_the_same_result()
    {
        NetworkCase network = Draw(7, 283, 270, 1);
        Assert.Contains(BloomCompiler.MakePlan(network.Graph).Value!.Wavefronts, w => w.Folded.Count > 0 && w.Delays.Max() > 1);
        Tensor expected = network.Interpret()["output"];
        using CompiledModel model = CompiledModel.Compile(network.Graph);
        foreach (VectorWidth width in CompiledModel.Widths)
        {
            IReadOnlyDictionary<string, Tensor> first = model.Run(network, 1, width);
            Difference difference = Difference.Between("output", expected, first["output"]);
            Assert.True(difference.Mean <= 1e-4 * difference.Spread, difference.ToString());
            foreach (int threads in new[] { 2, 3 }) Assert.Null(Difference.InBits(first, model.Run(network, threads, width)));
        }
    }

    [Fact]
    public void Nothing_is_copied_but_at_changes_of_size()
    {
        Plan plan = BloomCompiler.MakePlan(new BiSrNet().Build("net", "", new SyntheticWeights(1))).Value!;
        Assert.DoesNotContain(plan.Steps, s => s is FlatStep { Source: PlaneSource, Epilogue: { Operations.Count: 0, FloatStore: not null } });
        Assert.DoesNotContain(plan.Steps, s => s is LoadInputStep);

        // Signs of what is resized are taken on the way; those of Winograd's rows are a step.
        Assert.Equal(4, plan.Steps.OfType<RowStep>().Count(s => s.Signs is not null));
        Assert.Equal(["conv_in"], plan.Steps.OfType<FlatStep>().Where(s => s.Source is PlaneSource && s.Epilogue.FloatStore is null).Select(s => s.Name));

        // Both units of an increase are one step: 2 a block, 1 a change of size.
        Assert.Equal(12, plan.Steps.OfType<FlatStep>().Count(s => s.Source is BinaryConvSource { Operator: { Groups: 2 } }));
    }

    [Theory]
    [InlineData(4, 9)]
    [InlineData(9, 3)]
    public void Images_too_small_to_reflect_are_refused(int height, int width)
    {
        NetworkCase network = Draw(2, 9, 9, 1);
        using CompiledModel model = CompiledModel.Compile(network.Graph);
        NetworkCase small = network with { Inputs = network.Inputs.ToDictionary(i => i.Key, _ => Tensor.Zeros(2, height, width)) };
        Exception refused = Assert.ThrowsAny<Exception>(() => model.CreateSession(small));
        Assert.Contains("too small for 'pad' to fill it by reflection", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        NetworkCase network = Draw(4, 21, 30, 1);
        using CompiledModel model = CompiledModel.Compile(network.Graph);
        using BloomSession session = model.CreateSession(network, threads: 2);
        float[][] inputs = CompiledModel.InputArrays(session, network), outputs = CompiledModel.OutputArrays(session);
        session.Run(inputs, outputs);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            session.Run(inputs, outputs);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static NetworkCase Draw(int bands, int height, int width, ulong seed)
    {
        NetworkGraph graph = new BiSrNet(bands).Build("bisrnet", "", new SyntheticWeights(seed));
        var values = new RandomValues((int)seed, isShort: false);
        return new NetworkCase(
            $"BiSRNet of {bands} bands, seed {seed}, {height} x {width}", graph, graph.Inputs.ToDictionary(i => i.Name, i => values.Input(i.Shape.Channels, height, width)));
    }
}
