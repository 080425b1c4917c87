using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Graph;

/// <summary>
/// Finds the shape of every tensor, walking the nodes once in order. On the way it checks what every later stage relies on: names
/// are unique, every tensor is made before it is read, operators have as many inputs as they take, and sizes stay within
/// <see cref="DescriptorLimits"/>, so that no product of sizes overflows.
/// </summary>
public static class ShapeInference
{
    // Strides nest one division in another; equality of extents recurses that deep.
    private const int DeepestExtent = 64;

    // Multipliers and offsets of extents: times DescriptorLimits.Window they still fit 32 bits.
    private const int LargestCoefficient = 1 << 20;

    /// <summary>The shapes, or everything that is wrong (up to <see cref="DescriptorLimits.Diagnostics"/> errors).</summary>
    public static Outcome<ShapeTable> Infer(NetworkGraph graph) => Infer(graph, []);

    /// <summary>As <see cref="Infer(NetworkGraph)"/>, for a graph from which nodes with errors were left out.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="omitted">Names of the nodes left out: what reads them has no shape and is not an error.</param>
    internal static Outcome<ShapeTable> Infer(NetworkGraph graph, HashSet<string> omitted) => new Walk(graph, omitted).Run();

    private sealed class Walk(NetworkGraph graph, HashSet<string> omitted)
    {
        private readonly Dictionary<string, TensorShape> _shapes = new(graph.Nodes.Count + graph.Inputs.Count, StringComparer.Ordinal);
        private readonly HashSet<string> _withoutShape = new(omitted, StringComparer.Ordinal);
        private readonly List<BloomDiagnostic> _diagnostics = [];

        public Outcome<ShapeTable> Run()
        {
            foreach (GraphInput input in graph.Inputs)
            {
                if (_shapes.ContainsKey(input.Name)) ReportDuplicate(input.Name, input.Location);
                else if (FindLimit(input.Shape) is { } error) Reject(input.Name, BloomRules.LimitExceeded, input.Location, error);
                else _shapes.Add(input.Name, input.Shape);
            }

            foreach (Node node in graph.Nodes)
            {
                if (_diagnostics.Count >= DescriptorLimits.Diagnostics) break;
                Visit(node);
            }

            CheckOutputs();
            return _diagnostics.Count == 0
                ? Outcome.Success(new ShapeTable(_shapes))
                : Outcome.Failure<ShapeTable>([.. _diagnostics]);
        }

        private void Visit(Node node)
        {
            if (_shapes.ContainsKey(node.Name) || _withoutShape.Contains(node.Name))
            {
                ReportDuplicate(node.Name, node.Location);
                return;
            }

            (int least, int most) = node.Operator.Arity;
            if (node.Inputs.Count < least || node.Inputs.Count > most)
            {
                string wanted = least == most ? FormattableString.Invariant($"{least}") : FormattableString.Invariant($"{least} to {most}");
                Reject(node.Name, BloomRules.InvalidProperty, node.Location, FormattableString.Invariant($"{node.Operator.Kind} takes {wanted} inputs, but {node.Inputs.Count} are given"));
                return;
            }

            if (InputShapes(node) is not { } inputs)
                _withoutShape.Add(node.Name);
            else if (InferShape(node, inputs, out BloomRule rule) is (null, { } error))
                Reject(node.Name, rule, node.Location, error);
        }

        private TensorShape[]? InputShapes(Node node)
        {
            var shapes = new TensorShape[node.Inputs.Count];
            bool complete = true;
            for (int i = 0; i < shapes.Length; i++)
            {
                if (_shapes.TryGetValue(node.Inputs[i], out TensorShape shape)) shapes[i] = shape;
                else complete = false;
                if (shape is null && !_withoutShape.Contains(node.Inputs[i])) ReportUnknown(node, node.Inputs[i]);
            }

            return complete ? shapes : null;
        }

        // Arithmetic that overflows can only come from graphs built in code: descriptors bound every factor.
        private InferredShape InferShape(Node node, TensorShape[] inputs, out BloomRule rule)
        {
            rule = BloomRules.LimitExceeded;
            InferredShape result;
            try
            {
                result = node.Operator.InferShape(inputs);
            }
            catch (ArithmeticException)
            {
                return InferredShape.Fail("the size of the result overflows: reduce its factors");
            }

            if (result.Shape is not { } shape)
            {
                rule = BloomRules.ShapeMismatch;
                return result;
            }

            if (FindLimit(shape) is { } error) return InferredShape.Fail("the result " + error);
            _shapes.Add(node.Name, shape);
            return result;
        }

        private static string? FindLimit(TensorShape shape) =>
            shape.Channels is < 1 or > DescriptorLimits.Channels
                ? FormattableString.Invariant($"has {shape.Channels} channels; 1 to {DescriptorLimits.Channels} are possible")
                : FindLimit(shape.Height, "height") ?? FindLimit(shape.Width, "width");

        private static string? FindLimit(Extent extent, string what)
        {
            if (extent is ConstantExtent { Value: < 1 or > DescriptorLimits.Size } constant)
                return FormattableString.Invariant($"has {what} {constant.Value}; 1 to {DescriptorLimits.Size} are possible");
            int depth = 0;
            for (Extent inner = extent; inner is DerivedExtent derived; inner = derived.Of, depth++)
            {
                bool large = derived.Multiplier is < 1 or > LargestCoefficient || derived.Offset is < -LargestCoefficient or > LargestCoefficient
                    || derived.Divisor is < 1 or > LargestCoefficient;
                if (large || depth == DeepestExtent) return $"has a {what} that is too far from the input's: reduce the factors or strides on the way";
            }

            return null;
        }

        private void CheckOutputs()
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (GraphOutput output in graph.Outputs)
            {
                if (!names.Add(output.Name)) ReportDuplicate(output.Name, output.Location);
                if (!_shapes.ContainsKey(output.Tensor) && !_withoutShape.Contains(output.Tensor) && !IsMadeBy(graph.Nodes, output.Tensor))
                    _diagnostics.Add(BloomRules.UnknownReference.At(output.Location, $"output '{output.Name}' reads '{output.Tensor}', which no input or node is called{Suggest(output.Tensor)}"));
            }
        }

        private void ReportUnknown(Node node, string missing)
        {
            Node? later = graph.Nodes.FirstOrDefault(n => n.Name == missing);
            string message = later switch
            {
                null => $"there is no tensor '{missing}'{Suggest(missing)}",
                _ when later.Name == node.Name => "the node reads itself: a network has no cycles",
                _ when Reaches(later, node.Name) => $"'{node.Name}' and '{missing}' read each other: a network has no cycles",
                _ => $"'{missing}' comes later: nodes stand in the order in which they run, so move '{missing}' before '{node.Name}'",
            };
            _diagnostics.Add(BloomRules.UnknownReference.At(node.Location, message));
        }

        // True where `from` reads `target`, directly or through other nodes.
        private bool Reaches(Node from, string target)
        {
            var makers = new Dictionary<string, Node>(StringComparer.Ordinal);
            foreach (Node node in graph.Nodes) makers[node.Name] = node;
            var pending = new Stack<Node>([from]);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (pending.Count > 0)
            {
                foreach (string input in pending.Pop().Inputs)
                {
                    if (input == target) return true;
                    if (seen.Add(input) && makers.TryGetValue(input, out Node maker)) pending.Push(maker);
                }
            }

            return false;
        }

        private static bool IsMadeBy(EquatableArray<Node> nodes, string tensor) => nodes.Any(n => n.Name == tensor);

        private string Suggest(string name) => NearestName.Suggest(name, graph.Nodes.Select(n => n.Name).Concat(graph.Inputs.Select(i => i.Name)));

        private void ReportDuplicate(string name, SourceLocation location) =>
            _diagnostics.Add(BloomRules.DuplicateName.At(location, $"the name '{name}' is used twice: rename one"));

        private void Reject(string name, BloomRule rule, SourceLocation location, string message)
        {
            _withoutShape.Add(name);
            _diagnostics.Add(rule.At(location, message));
        }
    }
}
