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
        var whole = new Scope(null, new HashSet<string>(StringComparer.Ordinal));
        foreach (string name in graph.Initializer.Select(i => i.Name).Concat(graph.Input.Select(i => i.Name)).Concat(graph.Node.SelectMany(n => n.Output))) whole.Keep(name);
        Append(graph, whole, flat);
        return flat;
    }

    private static bool IsChoice(NodeProto node) => node.OpType == "If" && Branch(node, Then) is not null && Branch(node, Else) is not null;

    private static GraphProto? Branch(NodeProto node, string attribute) => node.Attribute.FirstOrDefault(a => a.Name == attribute)?.G;

    private static void Append(GraphProto graph, Scope scope, GraphProto flat)
    {
        foreach (NodeProto node in graph.Node)
        {
            if (IsChoice(node))
            {
                AppendChoice(node, scope, flat);
                continue;
            }

            NodeProto copy = node.Clone();
            for (int i = 0; i < copy.Input.Count; i++) copy.Input[i] = scope.Find(copy.Input[i], node);
            for (int i = 0; i < copy.Output.Count; i++) copy.Output[i] = scope.Find(copy.Output[i], node);
            flat.Node.Add(copy);
        }
    }

    private static void AppendChoice(NodeProto node, Scope scope, GraphProto flat)
    {
        GraphProto then = Branch(node, Then)!, otherwise = Branch(node, Else)!;
        if (then.Output.Count != node.Output.Count || otherwise.Output.Count != node.Output.Count)
            throw new ImportException(FormattableString.Invariant($"node '{node.Name}' (If): makes {node.Output.Count} values, but its branches return {then.Output.Count} and {otherwise.Output.Count}; export the model again"));
        string[] yes = AppendBranch(node, then, scope, flat), no = AppendBranch(node, otherwise, scope, flat);
        for (int i = 0; i < node.Output.Count; i++)
        {
            var choice = new NodeProto { OpType = "If", Domain = node.Domain, Name = i == 0 ? node.Name : FormattableString.Invariant($"{node.Name}.{i}") };
            choice.Input.AddRange([.. node.Input.Select(value => scope.Find(value, node)), yes[i], no[i]]);
            choice.Output.Add(scope.Find(node.Output[i], node));
            choice.Attribute.Add(new AttributeProto { Name = Then, S = ByteString.CopyFromUtf8(then.Name) });
            choice.Attribute.Add(new AttributeProto { Name = Else, S = ByteString.CopyFromUtf8(otherwise.Name) });
            flat.Node.Add(choice);
        }
    }

    private static string[] AppendBranch(NodeProto choice, GraphProto branch, Scope around, GraphProto flat)
    {
        Scope scope = around.Inner();
        foreach (TensorProto weight in branch.Initializer)
        {
            TensorProto copy = weight.Clone();
            copy.Name = scope.Add(weight.Name);
            flat.Initializer.Add(copy);
        }

        foreach (string output in branch.Node.SelectMany(n => n.Output).Where(o => o.Length > 0)) scope.Add(output);
        Append(branch, scope, flat);
        return [.. branch.Output.Select(o => scope.Find(o.Name, choice))];
    }

    /// <summary>What the values of a graph are called once it is flat; branches see the values around them, and not one another's.</summary>
    private sealed class Scope(Scope? around, HashSet<string> taken)
    {
        private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

        private Scope? Around => around;

        internal Scope Inner() => new(this, taken);

        /// <summary>The name of a value that a node sees; that of a value that nothing makes stays.</summary>
        internal string Find(string value, NodeProto node)
        {
            for (Scope? scope = this; scope is not null; scope = scope.Around)
                if (scope._names.TryGetValue(value, out string? name)) return name;
            return taken.Contains(value) ? throw new ImportException($"node '{node.Name}' ({node.OpType}): reads '{value}', which only another branch makes; export the model again") : value;
        }

        /// <summary>A value that keeps its name; other checks find one that is made twice.</summary>
        internal void Keep(string value)
        {
            taken.Add(value);
            _names[value] = value;
        }

        /// <summary>A value of a branch, under its name or, where another has it, one like it; returns that.</summary>
        internal string Add(string value)
        {
            string name = value;
            for (int i = 1; !taken.Add(name); i++) name = FormattableString.Invariant($"{value}.{i}");
            return _names[value] = name;
        }
    }
}
