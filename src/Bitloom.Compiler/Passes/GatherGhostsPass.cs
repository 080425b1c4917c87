using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Passes;

/// <summary>
/// Writes shifts, choices of their channels and concatenations with them as one choice of shifted channels, so that what makes ghosts
/// stands next to what reads them.
/// <code>
/// before:  p -> Shift -> g;  Concat(p, g)
/// after:   p -> ShiftedChannels(p's channels, then p's channels at the offsets)
///
/// before:  Concat(x, ShiftedChannels(p))
/// after:   Concat(x, p) -> ShiftedChannels
/// </code>
/// Of a shift of a shift only the second is written so: zeros that the first moved in are not the image's.
/// </summary>
internal sealed class GatherGhostsPass
{
    private readonly GraphEditor _graph;
    private readonly Dictionary<string, (string Tensor, ShiftedChannels Choice)> _choices = [];
    private readonly HashSet<string> _ghosts = [];

    // Channels of concatenations that the pass makes.
    private readonly Dictionary<string, int> _joined = [];

    private GatherGhostsPass(GraphEditor graph) => _graph = graph;

    internal static NetworkGraph Run(NetworkGraph graph)
    {
        if (!graph.Nodes.Any(n => n.Operator is Shift)) return graph;
        var editor = new GraphEditor(graph);
        return RemoveUnusedPass.Run(editor.With(graph.Nodes.SelectMany(new GatherGhostsPass(editor).Rewrite)));
    }

    private Node[] Rewrite(Node node)
    {
        switch (node.Operator)
        {
            case SelectChannels select:
                (string chosen, ShiftedChannels choice) = ChoiceOf(node.Inputs[0]);
                _choices.Add(node.Name, (chosen, Compose(choice, select.Channels)));
                return _ghosts.Contains(node.Inputs[0]) ? Ghosts(node) : [node];
            case Shift shift:
                (string moved, ShiftedChannels before) = ChoiceOf(node.Inputs[0]);
                if (!before.Offsets.All(o => o.IsZero)) (moved, before) = (node.Inputs[0], Identity(node.Inputs[0]));
                _choices.Add(node.Name, (moved, before with { Offsets = Enumerable.Range(0, before.Channels.Count).Select(c => new PixelOffset(shift.Of(c).Rows, shift.Of(c).Columns)).ToEquatableArray() }));
                return Ghosts(node);
            case Concat when node.Inputs.Any(_ghosts.Contains):
                return Join(node);
            default:
                return [node];
        }
    }

    // The tensors that the parts are chosen from, each once, and the choice among their channels.
    private Node[] Join(Node node)
    {
        (string Tensor, ShiftedChannels Choice)[] parts = [.. node.Inputs.Select(i => _ghosts.Contains(i) ? _choices[i] : (i, Identity(i)))];
        string[] tensors = [.. parts.Select(p => p.Tensor).Distinct()];
        int FirstChannel(string tensor) => tensors.TakeWhile(t => t != tensor).Sum(ChannelsOf);
        var joined = new ShiftedChannels(
            parts.SelectMany(p => p.Choice.Channels.Select(c => c + FirstChannel(p.Tensor))).ToEquatableArray(),
            parts.SelectMany(p => p.Choice.Offsets).ToEquatableArray());
        Node? intrinsic = tensors.Length == 1 ? null : GraphEditor.Before(node, ".intrinsic", new Concat(), tensors);
        string source = intrinsic?.Name ?? tensors[0];
        if (intrinsic is not null) _joined.Add(source, tensors.Sum(ChannelsOf));
        _choices.Add(node.Name, (source, joined));
        return intrinsic is null ? Ghosts(node) : [intrinsic, .. Ghosts(node)];
    }

    private Node[] Ghosts(Node node)
    {
        _ghosts.Add(node.Name);
        return [GraphEditor.Replace(node, _choices[node.Name].Choice, _choices[node.Name].Tensor)];
    }

    private (string Tensor, ShiftedChannels Choice) ChoiceOf(string tensor) =>
        _choices.TryGetValue(tensor, out (string, ShiftedChannels) choice) ? choice : (tensor, Identity(tensor));

    private ShiftedChannels Identity(string tensor)
    {
        int channels = ChannelsOf(tensor);
        return new ShiftedChannels(Enumerable.Range(0, channels).ToEquatableArray(), Enumerable.Repeat(default(PixelOffset), channels).ToEquatableArray());
    }

    private int ChannelsOf(string tensor) => _joined.TryGetValue(tensor, out int channels) ? channels : _graph.Shapes[tensor].Channels;

    private static ShiftedChannels Compose(ShiftedChannels inner, IEnumerable<int> channels) =>
        new(channels.Select(c => inner.Channels[c]).ToEquatableArray(), channels.Select(c => inner.Offsets[c]).ToEquatableArray());
}
