using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Architectures;
using Bitloom.ReferenceInterpreter;
using Bitloom.Training.Ghosts;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Ghosts;

/// <summary>A network with ghosts from its dense parent: channels go where the orders say, and residual adds stay what they were.</summary>
public class GhostWeightsTests
{
    private const int Channels = 6, Blocks = 2, Intrinsic = 3;

    private static readonly EdsrOrders Orders = new([4, 1, 3, 0, 5, 2], [[2, 5, 0, 1, 3, 4], [1, 0, 5, 4, 2, 3]]);

    private static Edsr Network(double ghosts, int scale = 2) => new(Channels, Blocks, scale, 0.5f, new GhostLayers(ghosts), new MeanShift());

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void With_all_filters_kept_the_reordered_network_is_the_same_function(int scale)
    {
        NetworkGraph parent = Network(0, scale).Build("parent", "", new SyntheticWeights(3));
        NetworkGraph reordered = Network(0, scale).Build("reordered", "", new GhostWeights(Constants(parent), Orders, Channels));
        Assert.NotEqual(Constants(parent)["body.0.body.0.weight"].Values, Constants(reordered)["body.0.body.0.weight"].Values);
        AssertEqual(parent, reordered);
    }

    [Fact]
    public void Kept_filters_and_their_readers_are_where_the_orders_put_them()
    {
        Dictionary<string, FloatTensor> parent = Constants(Network(0).Build("parent", "", new SyntheticWeights(3)));
        Dictionary<string, FloatTensor> ghost = Constants(Network(0.5).Build("ghost", "", new ShiftOffsets(new GhostWeights(parent, Orders, Intrinsic), GhostShifts.None, new CounterRandom(1))));
        for (int block = 0; block < Blocks; block++)
        {
            string first = Invariant($"body.{block}.body.0"), second = Invariant($"body.{block}.body.2");
            AssertTaken(ghost, first + ".primary_conv", parent, first, Orders.Hidden[block][..Intrinsic], Orders.Stream);
            AssertTaken(ghost, second + ".primary_conv", parent, second, Orders.Stream[..Intrinsic], Orders.Hidden[block]);
        }

        int[] colours = [0, 1, 2], enlarged = [.. Enumerable.Range(0, 4 * Channels)];
        AssertTaken(ghost, "head.0", parent, "head.0", Orders.Stream, colours);
        AssertTaken(ghost, "body.2", parent, "body.2", Orders.Stream, Orders.Stream);
        AssertTaken(ghost, "tail.0.0", parent, "tail.0.0", enlarged, Orders.Stream);
        AssertTaken(ghost, "tail.1", parent, "tail.1", colours, [.. Enumerable.Range(0, Channels)]);
    }

    [Fact]
    public void Where_every_filter_has_a_double_half_of_them_make_the_same_function()
    {
        // Channels c and c + 3 are made by equal filters and biases; in the stream also by the head, so nothing is lost.
        NetworkGraph parent = Network(0).Build("parent", "", new Doubled(new SyntheticWeights(5)));
        GhostWeights weights = GhostWeights.Create(Network(0.5), parent, "parent.bloom", new CounterRandom(1));
        NetworkGraph ghost = Network(0.5).Build("ghost", "", new ShiftOffsets(weights, GhostShifts.None, new CounterRandom(1)));
        Assert.Equal(2 * Blocks, ghost.Nodes.Count(n => n.Operator is Shift));
        AssertEqual(parent, ghost);
    }

    [Fact]
    public void Another_network_is_refused_as_the_parent()
    {
        NetworkGraph parent = Network(0).Build("parent", "", new SyntheticWeights(3));
        string Refuse(Edsr network) => Assert.Throws<TrainingException>(() => GhostWeights.Create(network, parent, "p.bloom", new CounterRandom(1))).Message;
        Assert.StartsWith("p.bloom: it is not the dense parent, EDSR x2 with 6 channels, 2 blocks and residual scale 1:", Refuse(Network(0.5) with { ResidualScale = 1 }), StringComparison.Ordinal);
        Assert.Contains("'head.0.weight' has shape 6 x 3 x 3 x 3", Refuse(Network(0.5) with { Channels = 8 }), StringComparison.Ordinal);
        Assert.Contains("EDSR x3", Refuse(Network(0.5, scale: 3)), StringComparison.Ordinal);
    }

    [Fact]
    public void Offsets_are_those_that_the_recipe_asks_for()
    {
        NetworkGraph Build(GhostShifts shifts, ulong seed) => Network(0.5).Build("ghost", "", new ShiftOffsets(new SyntheticWeights(3), shifts, new CounterRandom(seed)));
        (int, int)[] Offsets(NetworkGraph graph) => [.. graph.Nodes.Select(n => n.Operator).OfType<Shift>().Select(s => s.Of(0))];
        Assert.All(Offsets(Build(GhostShifts.None, 1)), o => Assert.Equal((0, 0), o));
        Assert.Equal(Offsets(Build(GhostShifts.Fixed, 1)), Offsets(Build(GhostShifts.Fixed, 1)));
        Assert.Equal(Offsets(Build(GhostShifts.Fixed, 1)), Offsets(Build(GhostShifts.Learned, 1)));
        (int Rows, int Columns)[] drawn = [.. Enumerable.Range(0, 40).SelectMany(seed => Offsets(Build(GhostShifts.Fixed, (ulong)seed)))];
        Assert.Equal(9, drawn.Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Learned_offsets_begin_where_ghosts_come_nearest_to_what_was_dropped(bool isPerChannel)
    {
        // Every filter c + 3 is filter c moved by (1, -1).
        NetworkGraph parent = Network(0).Build("parent", "", new Doubled(new SyntheticWeights(5), rows: 1, columns: -1));
        Edsr network = Network(0.5) with { Ghosts = new GhostLayers(0.5, isPerChannel) };
        var weights = new GhostWeights(Constants(parent), new EdsrOrders([0, 1, 2, 3, 4, 5], [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]]), Intrinsic);
        NetworkGraph ghost = network.Build("ghost", "", new ShiftOffsets(weights, GhostShifts.Learned, new CounterRandom(1)));
        Shift[] shifts = [.. ghost.Nodes.Select(n => n.Operator).OfType<Shift>()];
        Assert.Equal(2 * Blocks, shifts.Length);
        Assert.All(shifts, s => Assert.Equal([.. Enumerable.Repeat((1, -1), isPerChannel ? Intrinsic : 1)], s.Rows.Zip(s.Columns)));

        // What the ghost's channels are: away from the border, the dropped filter's.
        string layer = "body.0.body.0";
        Tensor wanted = Run(parent.Expose([layer]))[layer], made = Run(ghost.Expose([layer]))[layer];
        for (int c = Intrinsic; c < Channels; c++)
            for (int y = 2; y < 3; y++)
                for (int x = 2; x < 5; x++) Assert.Equal(wanted.Values[(((c * 5) + y) * 7) + x], made.Values[(((c * 5) + y) * 7) + x], 1e-4f);
    }

    private static void AssertTaken(Dictionary<string, FloatTensor> ghost, string layer, Dictionary<string, FloatTensor> parent, string from, int[] outputs, int[] inputs)
    {
        FloatTensor kernel = ghost[layer + ".weight"], dense = parent[from + ".weight"];
        Assert.Equal([outputs.Length, inputs.Length, 3, 3], kernel.Shape);
        for (int row = 0; row < outputs.Length; row++)
        {
            Assert.Equal(parent[from + ".bias"].Values[outputs[row]], ghost[layer + ".bias"].Values[row]);
            for (int i = 0; i < inputs.Length * 9; i++)
                Assert.Equal(dense.Values[(((outputs[row] * inputs.Length) + inputs[i / 9]) * 9) + (i % 9)], kernel.Values[(row * inputs.Length * 9) + i]);
        }
    }

    private static Dictionary<string, FloatTensor> Constants(NetworkGraph graph) => graph.Nodes.SelectMany(n => n.Operator.FloatWeights).ToDictionary(w => w.Name);

    private static void AssertEqual(NetworkGraph expected, NetworkGraph actual)
    {
        float[] wanted = Run(expected)["output"].Values, made = Run(actual)["output"].Values;
        Assert.Equal(wanted.Length, made.Length);
        for (int i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], made[i], 1e-4f);
    }

    private static IReadOnlyDictionary<string, Tensor> Run(NetworkGraph graph)
    {
        var random = new CounterRandom(11);
        return Interpreter.Run(graph, new Dictionary<string, Tensor> { ["input"] = new(3, 5, 7, [.. Enumerable.Range(0, 105).Select(_ => (float)random.NextUniform())]) });
    }

    // Rows c and c + 3 of the layers that make the blocks' channels are equal, but for an offset of the taps; those that it would push out are 0.
    private sealed class Doubled(WeightSource source, int rows = 0, int columns = 0) : WeightSource
    {
        public override float[] Take(string name, params int[] shape)
        {
            float[] values = source.Take(name, shape);
            if (shape[0] != Channels || !name.StartsWith("body.", StringComparison.Ordinal) || name.Split('.').Length != 5) return values;
            int half = values.Length / 2;
            if (shape.Length == 1) values.AsSpan(0, half).CopyTo(values.AsSpan(half));
            else
                for (int i = 0; i < half; i++)
                {
                    int row = (i % 9 / 3) + rows, column = (i % 3) + columns;
                    bool stays = row is >= 0 and < 3 && column is >= 0 and < 3;
                    if (!stays) values[i] = 0;
                    int from = i - (rows * 3) - columns, fromRow = (i % 9 / 3) - rows, fromColumn = (i % 3) - columns;
                    values[half + i] = fromRow is >= 0 and < 3 && fromColumn is >= 0 and < 3 ? values[from] : 0;
                }

            return values;
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
