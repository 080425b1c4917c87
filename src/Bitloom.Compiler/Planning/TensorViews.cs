using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>
/// Which tensors are parts of others, so that they need no memory and no copy of their own: neighbouring channels of a tensor, and what a
/// concatenation joins, which is written in its place from the start.
/// <code>
/// b = SelectChannels(a, 14..27)    b lies in a, from channel 14
/// c = Concat(a, b)                 a and b lie in c, if they lie nowhere else
/// d = Gate(scores, a, b)           a and b lie in d: only one of them is made
/// </code>
/// </summary>
internal sealed class TensorViews
{
    private readonly Dictionary<string, (string Of, int Channel)> _parents = [];

    private TensorViews()
    {
    }

    /// <summary>Finds the views of a graph.</summary>
    internal static TensorViews Of(GraphEditor graph)
    {
        var views = new TensorViews();
        foreach (Node node in graph.Graph.Nodes)
        {
            if (node.Operator is SelectChannels { Channels: var channels } && IsRun(channels)) views._parents.Add(node.Name, (node.Inputs[0], channels[0]));
        }

        foreach (Node node in graph.Graph.Nodes.Where(n => n.Operator is Concat))
        {
            int channel = 0;
            foreach (string part in node.Inputs)
            {
                if (node.Inputs.Count(i => i == part) == 1 && !views._parents.ContainsKey(part)) views._parents.Add(part, (node.Name, channel));
                channel += graph.Shapes[part].Channels;
            }
        }

        foreach (Node node in graph.Graph.Nodes.Where(n => n.Operator is Gate))
            foreach (string candidate in node.Inputs.Skip(1)) views._parents.Add(candidate, (node.Name, 0));
        return views;
    }

    /// <summary>True where a tensor is part of another by being some of its channels, and no step makes it.</summary>
    internal static bool IsSlice(Node node) => node.Operator is SelectChannels select && IsRun(select.Channels);

    /// <summary>True where a part of a concatenation is written in its place.</summary>
    internal bool LiesIn(string part, string whole) => _parents.TryGetValue(part, out (string Of, int Channel) parent) && parent.Of == whole;

    /// <summary>True where the tensor is part of a larger one.</summary>
    internal bool IsPart(string tensor) => _parents.ContainsKey(tensor);

    /// <summary>The tensor that has memory, and the channel of it at which <paramref name="tensor"/> starts.</summary>
    internal (string Tensor, int Channel) RootOf(string tensor)
    {
        int channel = 0;
        while (_parents.TryGetValue(tensor, out (string Of, int Channel) parent)) (tensor, channel) = (parent.Of, channel + parent.Channel);
        return (tensor, channel);
    }

    private static bool IsRun(EquatableArray<int> channels) => Enumerable.Range(0, channels.Count).All(c => channels[c] == channels[0] + c);
}
