using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>A gate returns what the branch with the largest score computes, whatever branch ran before, and runs nothing else.</summary>
public sealed class GateTests
{
    // The order visits every branch after every other, and ends with equal scores, of which the first counts.
    private static readonly float[][] Scores = [[0, 1, 2], [3, 1, 2], [0, 5, 2], [0, 1, 2], [0, 5, 2], [3, 1, 2], [1, 1, 1], [float.NegativeInfinity, -2, -1]];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Every_choice_gives_its_branch(int seed)
    {
        NetworkGraph graph = Draw(seed);
        var values = new RandomValues(seed, isShort: true);
        Tensor image = values.Input(4, 5 + seed, 30 + (7 * seed));
        using CompiledModel model = CompiledModel.Compile(graph);
        foreach (VectorWidth width in CompiledModel.Widths)
            foreach (int threads in new[] { 1, 2, 3 })
            {
                NetworkCase first = Case(graph, image, Scores[0]);
                using BloomSession session = model.CreateSession(first, threads, width);
                foreach (float[] scores in Scores)
                {
                    NetworkCase network = Case(graph, image, scores);
                    IReadOnlyDictionary<string, Tensor> expected = network.Interpret(), actual = CompiledModel.Run(session, network);
                    Assert.True(Difference.InBits(expected, actual) is null, $"seed {seed}, {width}, {threads} threads, scores {string.Join(" ", scores)}: {Difference.InBits(expected, actual)}");
                    Assert.Equal(Array.IndexOf(scores, scores.Max()), session.GetType().GetProperty("Choice")!.GetValue(session));
                }
            }
    }

    [Fact]
    public void A_gate_inside_a_branch_chooses_for_itself()
    {
        var draft = new GraphDraft();
        var values = new RandomValues(9, isShort: true);
        string image = draft.Input("image", 4), outer = ScoresInput(draft, "outer", 2), inner = ScoresInput(draft, "inner", 2);
        var layers = new RandomLayers(draft, values);
        string first = layers.Unit(layers.Unit(image, 4), 4), second = layers.Unit(layers.Unit(image, 4), 4), third = layers.Unit(image, 4);
        string nested = layers.Unit(draft.Add(new Gate(["a", "b"]), inner, first, second), 4);
        NetworkGraph graph = draft.Finish("nested", draft.Add(new Gate(["c", "d"]), outer, nested, third));
        Tensor input = values.Input(4, 9, 40);
        using CompiledModel model = CompiledModel.Compile(graph);
        NetworkCase With(float[] outerScores, float[] innerScores) => new("nested", graph, new Dictionary<string, Tensor>
        {
            ["image"] = input,
            ["outer"] = new(2, 1, 1, outerScores),
            ["inner"] = new(2, 1, 1, innerScores),
        });
        using BloomSession session = model.CreateSession(With([0, 0], [0, 0]), threads: 2);
        foreach ((float[] o, float[] i) in new[] { (new[] { 1f, 0 }, new[] { 0f, 1 }), ([0, 1], [0, 1]), ([1, 0], [1, 0]), ([1, 0], [0, 1]), ([0, 1], [1, 0]), ([1, 0], [1, 0]) })
            Assert.Null(Difference.InBits(With(o, i).Interpret(), CompiledModel.Run(session, With(o, i))));
    }

    [Fact]
    public void Branches_share_memory_and_run_apart()
    {
        Plan plan = BloomCompiler.MakePlan(Draw(1)).Value!;
        GateStep gate = Assert.Single(plan.Steps.OfType<GateStep>());
        Assert.All(gate.Branches, b => Assert.True(b.Steps.Count > 0));
        double all = plan.Slots.Sum(s => (double)s.Channels), shared = ArenaLayout.Measure(plan, s => s.Channels);
        Assert.Contains(gate.Branches, b => b.Slots.Count > 0);
        Assert.True(shared < all || gate.Branches.Count(b => b.Slots.Count > 0) < 2);
    }

    private static string ScoresInput(GraphDraft draft, string name, int branches) =>
        draft.Input(name, new TensorShape(branches, Extent.Constant(1), Extent.Constant(1)));

    private static NetworkCase Case(NetworkGraph graph, Tensor image, float[] scores) =>
        new("gated", graph, new Dictionary<string, Tensor> { ["image"] = image, ["scores"] = new(scores.Length, 1, 1, scores) });

    // Branches of several kinds: binary units, another resolution, a slice, a tensor that exists by itself, the input.
    private static NetworkGraph Draw(int seed)
    {
        var values = new RandomValues(seed, isShort: true);
        var draft = new GraphDraft();
        var layers = new RandomLayers(draft, values);
        string image = draft.Input("image", 4), scores = ScoresInput(draft, "scores", 3), common = layers.Elementwise(image);
        string[] candidates = [.. Enumerable.Range(0, 3).Select(i => Branch((seed + i) % 6))];
        string gate = draft.Add(new Gate(["224", "168", "112"]), [scores, .. candidates]);
        return draft.Finish("gated", layers.Elementwise(gate), common);

        string Branch(int kind) => kind switch
        {
            0 => layers.Unit(layers.Unit(image, 8), 4),
            1 => Down(layers.Unit(draft.Add(new ResizeNearest(2), common), 4)),
            2 => draft.Add(SelectChannels.Slice(2, 4), draft.Add(new Concat(), image, layers.Unit(common, 4))),
            3 => common,
            4 => image,
            _ => draft.Add(new Concat(), layers.Unit(common, 2), layers.Unit(image, 2)),
        };

        string Down(string x) => layers.Unit(draft.Add(new BinaryConv2d(values.Bits(draft.WeightName("down"), 4, 4, 2, 2), new Window(2, 2)), draft.Add(new Sign(), x)), 4);
    }
}
