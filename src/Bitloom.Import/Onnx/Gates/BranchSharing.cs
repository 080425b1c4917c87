using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Gates;

/// <summary>Branches whose convolutions read the same weights.</summary>
/// <param name="Branches">Nodes of every branch, under the names of its own file.</param>
/// <param name="Convolutions">Convolutions of one branch, all of which are shared.</param>
/// <param name="Scaled">How many of them had a scale a channel taken out.</param>
/// <param name="WorstDeviation">Largest difference between a weight in a file and shared weight times scale, relative to the channel's largest weight.</param>
internal sealed record SharedBranches(IReadOnlyList<BranchNodes> Branches, int Convolutions, int Scaled, double WorstDeviation);

/// <summary>A branch as it will stand in the merged network.</summary>
/// <param name="Part">The file that it comes from.</param>
/// <param name="Nodes">Nodes under names of their own; the branch's input keeps its name.</param>
/// <param name="Output">The tensor that it makes.</param>
internal sealed record BranchNodes(GatePart Part, IReadOnlyList<Node> Nodes, string Output);

/// <summary>
/// Walks branches side by side. They must be the same network, node by node; convolutions get one weight for all (see
/// <see cref="ConvolutionSharing"/>), batch norms become a scale and bias of the branch, and other weights are shared where equal.
/// <code>
///   before   224: Conv2d(w * s1, b1)                     168: Conv2d(w * s2, b2)
///   after    224: Conv2d(w) -> Affine(s1, b1)            168: Conv2d(w) -> Affine(s2, b2)
/// </code>
/// </summary>
internal static class BranchSharing
{
    /// <exception cref="ImportException">Branches are different networks, or a convolution has different weights.</exception>
    internal static SharedBranches Share(GatePart[] parts)
    {
        CheckStructure(parts);
        var nodes = parts.Select(_ => new List<Node>()).ToArray();
        var names = parts.Select(p => new Dictionary<string, string>(StringComparer.Ordinal)).ToArray();
        int convolutions = 0, scaled = 0;
        double worst = 0;
        for (int i = 0; i < parts[0].Nodes.Count; i++)
        {
            Node[] side = [.. parts.Select(p => p.Nodes[i])];
            OperatorChain[] chains = side[0].Operator is Conv2d ? ShareConvolution(parts, side) : [.. side.Select(n => new OperatorChain([Plain(n.Operator)], 0))];
            if (side[0].Operator is Conv2d or BinaryConv2d) convolutions++;
            if (side[0].Operator is Conv2d && chains.Any(c => c.Operators is [_, Affine { Scale: not null }])) scaled++;
            worst = Math.Max(worst, chains.Max(c => c.Deviation));
            if (side.Any(n => n.Operator is BinaryConv2d) && side.Any(n => !((BinaryConv2d)n.Operator).Weight.Words.Equals(((BinaryConv2d)side[0].Operator).Weight.Words)))
                throw Different(parts[^1], side[0], "its binary weights differ between branches");
            IReadOnlyList<Operator>[] named = WeightNaming.Name(chains, parts);
            for (int b = 0; b < parts.Length; b++) Append(nodes[b], names[b], side[b], named[b]);
        }

        BranchNodes[] branches = [.. parts.Select((p, b) => new BranchNodes(p, nodes[b], names[b].GetValueOrDefault(p.Output.Tensor, p.Output.Tensor)))];
        return new SharedBranches(branches, convolutions, scaled, worst);
    }

    private static OperatorChain[] ShareConvolution(GatePart[] parts, Node[] side)
    {
        Conv2d[] convolutions = [.. side.Select(n => (Conv2d)n.Operator)];
        for (int b = 1; b < side.Length; b++)
            if (convolutions[b].Window != convolutions[0].Window || convolutions[b].Groups != convolutions[0].Groups || convolutions[b].Weight.Shape != convolutions[0].Weight.Shape)
                throw Different(parts[b], side[b], "its window, groups or weight's shape differ");
        OperatorChain[] chains = ConvolutionSharing.Share(convolutions);
        int worst = Array.FindIndex(chains, c => !(c.Deviation <= ConvolutionSharing.Tolerance));
        return worst < 0 ? chains : throw Different(parts[worst], side[worst], FormattableString.Invariant($"its weights are not those of the other branches times a scale a channel: they are off by {chains[worst].Deviation:0.0e+0} relative"));
    }

    // A batch norm at inference is a scale and a bias, computed in double.
    private static Operator Plain(Operator @operator)
    {
        if (@operator is not BatchNorm norm) return @operator;
        int channels = norm.Gamma.Values.Count;
        var (scale, bias) = (new float[channels], new float[channels]);
        for (int c = 0; c < channels; c++)
        {
            double factor = norm.Gamma.Values[c] / Math.Sqrt((double)norm.Variance.Values[c] + norm.Epsilon);
            (scale[c], bias[c]) = ((float)factor, (float)(norm.Beta.Values[c] - (norm.Mean.Values[c] * factor)));
        }

        return new Affine(FloatTensor.Vector(norm.Gamma.Name, scale), FloatTensor.Vector(norm.Beta.Name, bias));
    }

    // What read a convolution reads the scale after it now.
    private static void Append(List<Node> nodes, Dictionary<string, string> names, Node node, IReadOnlyList<Operator> operators)
    {
        string input = node.Name;
        nodes.Add(node with { Operator = operators[0], Inputs = node.Inputs.Select(i => names.GetValueOrDefault(i, i)).ToEquatableArray() });
        for (int i = 1; i < operators.Count; i++)
        {
            string name = input + ".norm";
            nodes.Add(new Node(name, operators[i], [input], node.Location));
            input = name;
        }

        if (input != node.Name) names[node.Name] = input;
    }

    private static void CheckStructure(GatePart[] parts)
    {
        foreach (GatePart part in parts.Skip(1))
        {
            if (part.Nodes.Count != parts[0].Nodes.Count) throw new ImportException(FormattableString.Invariant($"{part.Path}: has {part.Nodes.Count} operators, but '{parts[0].Name}' has {parts[0].Nodes.Count}; branches are one network at several sizes"));
            Dictionary<string, int> places = Places(part), first = Places(parts[0]);
            for (int i = 0; i < part.Nodes.Count; i++)
            {
                (Node node, Node other) = (part.Nodes[i], parts[0].Nodes[i]);
                if (node.Operator.Kind != other.Operator.Kind || !node.Inputs.Select(n => places[n]).SequenceEqual(other.Inputs.Select(n => first[n])))
                    throw Different(part, node, $"stands where '{parts[0].Name}' has {other.Name} ({other.Operator.Kind})");
            }
        }
    }

    private static Dictionary<string, int> Places(GatePart part) =>
        part.Nodes.Select(n => n.Name).Prepend(part.Input.Name).Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal);

    private static ImportException Different(GatePart part, Node node, string what) =>
        new($"{part.Path}: node '{node.Name}' ({node.Operator.Kind}): {what}; branches are one network at several sizes with batch norms of their own");
}
