using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Gates;

/// <summary>
/// Puts predictor and branches into one graph, every node under a name that begins with its part's, but for what the parts make:
/// <c>scores</c> and <c>logits_NAME</c>.
/// </summary>
internal static class GateAssembly
{
    private const string Image = "image";

    internal static NetworkGraph Build(GatePart predictor, IReadOnlyList<BranchNodes> branches, OnnxImportOptions options, (int Height, int Width) size)
    {
        var nodes = new List<Node>();
        Node[] scoring = [.. predictor.Nodes.Select(n => n with { Operator = WeightNaming.Replace(n.Operator, w => w with { Name = $"{predictor.Name}.{w.Name}" }, w => w with { Name = $"{predictor.Name}.{w.Name}" }) })];
        string scores = Append(nodes, new BranchNodes(predictor, scoring, predictor.Output.Tensor), "scores", size);
        string[] candidates = [.. branches.Select(b => Append(nodes, b, "logits_" + b.Part.Name, size))];
        nodes.Add(new Node("gate", new Gate(branches.Select(b => b.Part.Name).ToEquatableArray()), candidates.Prepend(scores).ToEquatableArray(), SourceLocation.None));
        nodes.Add(new Node("choice", new ArgMax(), [scores], SourceLocation.None));
        var input = new GraphInput(Image, new TensorShape(predictor.Input.Shape.Channels, Extent.Constant(size.Height), Extent.Constant(size.Width)), SourceLocation.None);
        GraphOutput[] outputs = [new("output", "gate", SourceLocation.None), new("choice", "choice", SourceLocation.None)];
        return new NetworkGraph(options.Name, options.Description, [input], nodes.ToEquatableArray(), outputs.ToEquatableArray());
    }

    // Returns the tensor that the part makes, under the name wished. Its image is resized as PyTorch's interpolate does, where it has
    // another size.
    private static string Append(List<Node> nodes, BranchNodes branch, string result, (int Height, int Width) size)
    {
        string prefix = branch.Part.Name + ".", image = Image;
        if (branch.Part.Size is var (height, width) && (height, width) != size)
        {
            image = prefix + "resize";
            nodes.Add(new Node(image, Resize.To(height, width, ResizeMethod.Bilinear, ResizeCoordinates.HalfPixel), [Image], SourceLocation.None));
        }

        string Rename(string tensor) => tensor == branch.Part.Input.Name ? image : tensor == branch.Output ? result : prefix + tensor;
        foreach (Node node in branch.Nodes) nodes.Add(node with { Name = Rename(node.Name), Inputs = node.Inputs.Select(Rename).ToEquatableArray() });
        return Rename(branch.Output);
    }
}
