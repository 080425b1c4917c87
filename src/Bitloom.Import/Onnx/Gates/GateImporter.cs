using Bitloom.Compiler;
using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Gates;

/// <summary>One classifier that a predictor may choose.</summary>
/// <param name="Name">What it is called, e.g. its resolution, <c>224</c>.</param>
/// <param name="Path">Its export, of fixed size.</param>
public sealed record GateBranch(string Name, string Path);

/// <summary>
/// Merges the exports of a dynamic-resolution network (DRNet, arXiv 2106.02898) into one: a predictor with a score for each branch, and
/// the same classifier exported at each resolution with batch norms of its own.
/// <code>
///   image -> Resize -> predictor -> scores -> Gate -> output
///   image -> Resize -> classifier at 224 -> ---^          scores -> ArgMax -> choice
///   image -> Resize -> classifier at 168 -> ---^
/// </code>
/// </summary>
public static class GateImporter
{
    private const int LongestName = 32;

    /// <summary>Imports and merges.</summary>
    /// <param name="predictor">The predictor's export, of fixed size, with one input and one output.</param>
    /// <param name="branches">In the order of the predictor's scores.</param>
    /// <param name="options">Name and description of the network.</param>
    /// <param name="image">Height and width of the image given; null for the largest branch's.</param>
    /// <exception cref="ImportException">A file cannot be imported, or files do not belong together; one line that names the file.</exception>
    public static OnnxImport Import(string predictor, IReadOnlyList<GateBranch> branches, OnnxImportOptions options, (int Height, int Width)? image = null)
    {
        CheckNames(branches);
        GatePart scorer = Read("predictor", predictor, options);
        GatePart[] parts = [.. branches.Select(b => Read(b.Name, b.Path, options))];
        try
        {
            Check(scorer, parts);
            SharedBranches shared = BranchSharing.Share(parts);
            NetworkGraph graph = GateAssembly.Build(scorer, shared.Branches, options, image ?? Largest(parts));
            if (ShapeInference.Infer(graph).Diagnostics.FirstOrDefault(d => d.IsError) is { } error) throw new ImportException($"{error.Id}: {error.Message}");
            return new OnnxImport(graph, GateReport.Of(scorer, parts, shared));
        }
        catch (ArithmeticException error)
        {
            throw new ImportException($"{predictor}: a size on the way overflows; give a smaller image", error);
        }
    }

    private static void CheckNames(IReadOnlyList<GateBranch> branches)
    {
        if (branches.Count is < 2 or > Compiler.Operators.Gate.MostBranches) throw new ImportException(FormattableString.Invariant($"a gate has {branches.Count} branches; give 2 to {Compiler.Operators.Gate.MostBranches}"));
        foreach (GateBranch branch in branches)
            if (branch.Name.Length is 0 or > LongestName || branch.Name == "predictor" || branch.Name.Any(c => !char.IsLetterOrDigit(c) && c is not ('-' or '_')))
                throw new ImportException(FormattableString.Invariant($"a branch cannot be called '{string.Concat(branch.Name.Select(c => char.IsControl(c) ? ' ' : c))}'; give at most {LongestName} letters or digits, other than 'predictor'"));
        if (branches.GroupBy(b => b.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ImportException($"two branches are called '{twice.Key}'; rename one");
    }

    private static GatePart Read(string name, string path, OnnxImportOptions options)
    {
        OnnxImport import = OnnxImporter.Import(path, options with { KeepsSize = true });
        return import.Graph is { Inputs: [var input], Outputs: [var output] } graph
            ? new GatePart(name, path, import, input, output, ShapeInference.Infer(graph).Value![output.Tensor])
            : throw new ImportException($"{path}: has {import.Graph.Inputs.Count} inputs and {import.Graph.Outputs.Count} outputs; a part of a gate has one of each");
    }

    private static void Check(GatePart scorer, GatePart[] parts)
    {
        var scores = new TensorShape(parts.Length, Extent.Constant(1), Extent.Constant(1));
        if (scorer.Made != scores) throw new ImportException(FormattableString.Invariant($"{scorer.Path}: makes {scorer.Made}, but {parts.Length} branches need {scores}; give a branch for every score, in their order"));
        foreach (GatePart part in parts)
        {
            if (part.Input.Shape.Channels != scorer.Input.Shape.Channels)
                throw new ImportException(FormattableString.Invariant($"{part.Path}: reads {part.Input.Shape.Channels} channels, but the predictor {scorer.Input.Shape.Channels}; both read the same image"));
            if (part.Made != parts[0].Made) throw new ImportException($"{part.Path}: makes {part.Made}, but '{parts[0].Name}' makes {parts[0].Made}; branches must make the same");
        }
    }

    private static (int Height, int Width) Largest(GatePart[] parts) => parts.Select(p => p.Size).MaxBy(s => (long)s.Height * s.Width);
}

/// <summary>One imported file of a gate.</summary>
/// <param name="Name">What its nodes are named after.</param>
/// <param name="Path">The file.</param>
/// <param name="Import">Its network of fixed size.</param>
/// <param name="Input">Its only input.</param>
/// <param name="Output">Its only output.</param>
/// <param name="Made">The output's shape.</param>
internal sealed record GatePart(string Name, string Path, OnnxImport Import, GraphInput Input, GraphOutput Output, TensorShape Made)
{
    internal EquatableArray<Node> Nodes => Import.Graph.Nodes;

    internal (int Height, int Width) Size => (((ConstantExtent)Input.Shape.Height).Value, ((ConstantExtent)Input.Shape.Width).Value);
}
