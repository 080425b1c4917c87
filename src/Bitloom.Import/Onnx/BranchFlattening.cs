using Bitloom.Import.Onnx.Protobuf;
using Google.Protobuf;

namespace Bitloom.Import.Onnx;

/// <summary>
/// Takes both branches of every If into the graph around it, so that an If is a choice between two values like any other operator. Nothing
/// is lost: operators have no effects, and what is not read vanishes later.
/// <code>
///   before   y = If(c), then { t = Conv(x) }, else { e = Relu(x) }
///   after    t = Conv(x)    e = Relu(x)    y = If(c, t, e)
/// </code>
/// A value of a branch keeps its name unless another has it. The attributes <c>then_branch</c> and <c>else_branch</c> become the branches' names.
/// </summary>
internal static class BranchFlattening
{
    private const string Then = "then_branch", Else = "else_branch";

    internal static GraphProto Run(GraphProto graph)
    {
        if (!graph.Node.Any(IsChoice)) return graph;
        GraphProto flat = graph.Clone();
        flat.Node.Clear();
        var names = new HashSet<string>(graph.Initializer.Select(i => i.Name).Concat(graph.Input.Select(i => i.Name)).Concat(graph.Node.SelectMany(n => n.Output)), StringComparer.Ordinal);
        Append(graph, new Scope(null), flat, names);
        return flat;
    }

    private static bool IsChoice(NodeProto node) => node.OpType == "If" && Branch(node, Then) is not null && Branch(node, Else) is not null;

    private static GraphProto? Branch(NodeProto node, string attribute) => node.Attribute.FirstOrDefault(a => a.Name == attribute)?.G;

    private static void Append(GraphProto graph, Scope scope, GraphProto flat, HashSet<string> names)
    {
        foreach (NodeProto node in graph.Node)
        {
            if (IsChoice(node))
            {
                AppendChoice(node, scope, flat, names);
                continue;
            }

            NodeProto copy = node.Clone();
            for (int i = 0; i < copy.Input.Count; i++) copy.Input[i] = scope.Find(copy.Input[i]);
            for (int i = 0; i < copy.Output.Count; i++) copy.Output[i] = scope.Find(copy.Output[i]);
            flat.Node.Add(copy);
        }
    }

    private static void AppendChoice(NodeProto node, Scope scope, GraphProto flat, HashSet<string> names)
    {
        GraphProto then = Branch(node, Then)!, otherwise = Branch(node, Else)!;
        if (then.Output.Count != node.Output.Count || otherwise.Output.Count != node.Output.Count)
            throw new ImportException(FormattableString.Invariant($"node '{node.Name}' (If): makes {node.Output.Count} values, but its branches return {then.Output.Count} and {otherwise.Output.Count}; export the model again"));
        string[] yes = AppendBranch(then, scope, flat, names), no = AppendBranch(otherwise, scope, flat, names);
        for (int i = 0; i < node.Output.Count; i++)
        {
            var choice = new NodeProto { OpType = "If", Domain = node.Domain, Name = i == 0 ? node.Name : FormattableString.Invariant($"{node.Name}.{i}") };
            choice.Input.AddRange([.. node.Input.Select(scope.Find), yes[i], no[i]]);
            choice.Output.Add(scope.Find(node.Output[i]));
            choice.Attribute.Add(new AttributeProto { Name = Then, S = ByteString.CopyFromUtf8(then.Name) });
            choice.Attribute.Add(new AttributeProto { Name = Else, S = ByteString.CopyFromUtf8(otherwise.Name) });
            flat.Node.Add(choice);
        }
    }

    private static string[] AppendBranch(GraphProto branch, Scope around, GraphProto flat, HashSet<string> names)
    {
        var scope = new Scope(around);
        foreach (TensorProto weight in branch.Initializer)
        {
            TensorProto copy = weight.Clone();
            copy.Name = scope.Add(weight.Name, names);
            flat.Initializer.Add(copy);
        }

        foreach (string output in branch.Node.SelectMany(n => n.Output).Where(o => o.Length > 0)) scope.Add(output, names);
        Append(branch, scope, flat, names);
        return [.. branch.Output.Select(o => scope.Find(o.Name))];
    }

    /// <summary>What the values of a graph are called once it is flat; branches see the values around them.</summary>
    private sealed class Scope(Scope? around)
    {
        private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

        internal string Find(string value) => _names.TryGetValue(value, out string? name) ? name : around?.Find(value) ?? value;

        internal string Add(string value, HashSet<string> taken)
        {
            string name = value;
            for (int i = 1; !taken.Add(name); i++) name = FormattableString.Invariant($"{value}.{i}");
            return _names[value] = name;
        }
    }
}
