using System.Globalization;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;
using Bitloom.Runtime;

namespace Bitloom.Tool;

/// <summary>A network and its plan at one size, in the words that <c>bitloom explain</c> prints.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Description">Its description; may be empty.</param>
/// <param name="Hash">Its content hash.</param>
/// <param name="Size">Height and width of the input that macs and bytes are counted for.</param>
/// <param name="Inputs">Names and shapes.</param>
/// <param name="Outputs">Names and shapes.</param>
/// <param name="Layers">The network's nodes, in order.</param>
/// <param name="Steps">What the emitted code runs, in order.</param>
/// <param name="DepthFirst">Numbers of steps that run together, chunk by chunk, on large images.</param>
/// <param name="Branches">Branches of gates, of which one runs.</param>
/// <param name="Buffers">The arena's parts.</param>
/// <param name="Totals">Sums.</param>
internal sealed record PlanDescription(
    string Network,
    string Description,
    string Hash,
    string Size,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyList<LayerRow> Layers,
    IReadOnlyList<StepRow> Steps,
    IReadOnlyList<string> DepthFirst,
    IReadOnlyList<BranchRow> Branches,
    IReadOnlyList<BufferRow> Buffers,
    PlanTotals Totals)
{
    /// <summary>Describes a plan.</summary>
    internal static PlanDescription Of(Plan plan, ImageSize size)
    {
        NetworkGraph graph = plan.Source;
        var shapes = new NetworkShapes(graph);
        var lowered = new NetworkShapes(plan.Lowered);
        BufferRow[] buffers = [.. plan.Slots.Select(slot => Describe(slot, plan.Levels[slot.Level], size))];
        int started = plan.Steps.Where(s => s.Covers.Count > 0).Select(s => s.Covers[0]).Distinct().Count();
        (long Binary, long Float) macs = Compiler.Planning.PlanTotals.Macs(graph, size.Height, size.Width);
        StepRow[] steps = [.. plan.Steps.Select(s => Describe(plan, lowered, s, size))];
        return new PlanDescription(
            graph.Name,
            graph.Description,
            DescriptorHash.Compute(graph),
            size.ToString(),
            [.. graph.Inputs.Select(i => $"{i.Name} {i.Shape}")],
            [.. graph.Outputs.Select(o => $"{o.Name} {shapes[o.Tensor]}")],
            [.. graph.Nodes.Select(n => new LayerRow(n.Name, Kind(n.Operator), n.Inputs, shapes[n.Name].ToString(), n.Operator.MacsPerOutput * shapes.Count(n.Name, size)))],
            steps,
            [.. plan.Wavefronts.Select(w => $"{w.First} to {w.First + w.Count - 1}")],
            [.. plan.Steps.OfType<GateStep>().SelectMany(g => g.Branches.Select(b => Describe(g, b, steps)))],
            buffers,
            new PlanTotals(
                graph.Nodes.Count,
                Math.Max(0, graph.Nodes.Count - started),
                macs.Binary,
                macs.Float,
                (long)ArenaLayout.Measure(plan, slot => buffers[slot.Index].Bytes),
                ParameterCount.Of(graph).StoredBytes,
                Compiler.Planning.PlanTotals.GhostBytesNotMoved(plan, size.Height, size.Width)));
    }

    private static BranchRow Describe(GateStep gate, GateBranch branch, StepRow[] steps)
    {
        (int first, int count) = (branch.Steps.First, branch.Steps.Count);
        return new BranchRow(gate.Name, branch.Name, first, first + count - 1, steps.Skip(first).Take(count).Sum(s => s.Macs));
    }

    private static BufferRow Describe(Slot slot, Level level, ImageSize size)
    {
        IReadOnlyDictionary<string, int> symbols = NetworkShapes.Symbols(size);
        PlaneGeometry geometry;
        try
        {
            geometry = new PlaneGeometry(level.Height.Evaluate(symbols), level.Width.Evaluate(symbols), level.PadY, level.PadX);
        }
        catch (ArgumentOutOfRangeException failure)
        {
            throw new BadInputException("--size", NetworkRun.Reason(failure), "choose a smaller one");
        }

        bool isFloat = slot.Kind == SlotKind.Float;
        return new BufferRow(slot.Name, isFloat ? "fp32" : "signs", $"{slot.Channels} x {level}", isFloat ? geometry.FloatBytes(slot.Channels) : geometry.BitBytes(slot.Channels));
    }

    private static StepRow Describe(Plan plan, NetworkShapes shapes, Step step, ImageSize size)
    {
        long macs = plan.Lowered.Nodes.Where(n => step.Covers.Contains(n.Name)).Sum(n => n.Operator.MacsPerOutput * shapes.Count(n.Name, size));
        string Name(int slot) => plan.Slots[slot].Name;
        return new StepRow(step.Name, step.Kernel, step.Covers, [.. step.Reads.Distinct().Select(Name)], [.. step.Writes.Distinct().Select(Name)], macs, step.Reason);
    }

    private static string Kind(Operator operation) => operation switch
    {
        Conv2d conv => $"{conv.Kind} {Taps(conv.Weight.Shape)}",
        BinaryConv2d conv => $"{conv.Kind} {Taps(conv.Weight.Shape)}",
        _ => operation.Kind,
    };

    private static string Taps(IReadOnlyList<int> weight) => string.Create(CultureInfo.InvariantCulture, $"{weight[2]}x{weight[3]}");
}

/// <summary>A node of the network.</summary>
internal sealed record LayerRow(string Name, string Operator, IReadOnlyList<string> Inputs, string Shape, long Macs);

/// <summary>A kernel call.</summary>
internal sealed record StepRow(string Name, string Kernel, IReadOnlyList<string> Nodes, IReadOnlyList<string> Reads, IReadOnlyList<string> Writes, long Macs, string Reason);

/// <summary>A branch of a gate: its first and last step, and the multiply-accumulates of all its steps.</summary>
internal sealed record BranchRow(string Gate, string Name, int FirstStep, int LastStep, long Macs);

/// <summary>A part of the arena.</summary>
internal sealed record BufferRow(string Name, string Kind, string Shape, long Bytes);

/// <summary>Sums over a plan.</summary>
/// <param name="Nodes">Nodes of the network.</param>
/// <param name="FusedNodes">Nodes that have no kernel call of their own.</param>
/// <param name="BinaryMacs">Multiply-accumulates of binary convolutions in one run; of each gate the most expensive branch.</param>
/// <param name="FloatMacs">Multiply-accumulates of fp32 convolutions in one run.</param>
/// <param name="ArenaBytes">Bytes of all buffers.</param>
/// <param name="WeightBytes">Bytes of the weights as the descriptor stores them.</param>
/// <param name="GhostBytesNotMoved">Bytes of ghosts read where the channels lie that they are made of.</param>
internal sealed record PlanTotals(int Nodes, int FusedNodes, long BinaryMacs, long FloatMacs, long ArenaBytes, long WeightBytes, long GhostBytesNotMoved)
{
    /// <summary>The last line that scripts read.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"totals: {Nodes} nodes, {FusedNodes} fused nodes, {BinaryMacs} binary MACs, {FloatMacs} fp32 MACs, {ArenaBytes} arena bytes, {WeightBytes} weight bytes{(GhostBytesNotMoved > 0 ? string.Create(CultureInfo.InvariantCulture, $", {GhostBytesNotMoved} ghost bytes not moved") : "")}");
}
