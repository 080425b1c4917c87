using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx;
using Bitloom.Import.Onnx.Gates;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Import.Tests;

/// <summary>Small predictors and classifiers, merged.</summary>
public sealed class GateTests : IDisposable
{
    private static readonly float[] Weight = OnnxModel.RandomValues(3, 4 * 3 * 9);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bitloom-gate-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Batch norms stand as nodes, or the exporter has folded them into the convolutions.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Branches_share_convolutions_and_keep_their_batch_norms(bool isFolded)
    {
        StorePredictor(2);
        StoreBranch("a", 8, isFolded, [2, 1, -0.5f, 1], [1, 0, 0, -1]);
        StoreBranch("b", 6, isFolded, [1, -3, 1, 0], [0, 2, 0, 3]);
        OnnxImport import = Import("a", "b");
        Assert.Equal(1, import.Report.Gates);
        Assert.Equal(["shared.first", "shared.first"], Convolutions(import).Where(w => w.EndsWith("first", StringComparison.Ordinal)));
        Assert.Contains(import.Report.Lines, l => l.StartsWith("2 convolutions have the same weights in all 2 branches", StringComparison.Ordinal));

        // Every branch computes what it does alone, on its own resized image.
        var image = new Tensor(3, 8, 8, OnnxModel.RandomValues(5, 192));
        IReadOnlyDictionary<string, Tensor> tensors = Interpreter.RunAll(import.Graph, new Dictionary<string, Tensor> { ["image"] = image });
        Node gate = import.Graph.Nodes.Single(n => n.Operator is Gate);
        foreach ((string name, int size, int at) in new[] { ("a", 8, 1), ("b", 6, 2) })
        {
            Tensor alone = OnnxModel.Run(OnnxImporter.Import(PathOf(name), new OnnxImportOptions("alone")).Graph, size == 8 ? image : ReferenceFiles.Resize(image, size));
            Assert.All(alone.Values.Zip(tensors[gate.Inputs[at]].Values), p => Assert.Equal(p.First, p.Second, 1e-5));
        }

        Assert.Equal(tensors[gate.Inputs[1 + (int)tensors["choice"].Values[0]]].Values, tensors["gate"].Values);
    }

    [Fact]
    public void The_image_has_the_size_asked_for_and_its_name_in_every_message()
    {
        StorePredictor(2);
        StoreBranch("a", 8, true, [1, 1, 1, 1], [0, 0, 0, 0]);
        StoreBranch("b", 6, true, [1, 1, 1, 1], [0, 0, 0, 0]);
        Assert.Equal(new TensorShape(3, Extent.Constant(20), Extent.Constant(30)), Import((20, 30), "a", "b").Graph.Inputs[0].Shape);
        Assert.Contains(Import("a", "b").Report.Lines, l => l == "branches in the order of scores: 0 = a (8 x 8), 1 = b (6 x 6)");
    }

    [Fact]
    public void Other_weights_other_operators_and_other_names_are_refused()
    {
        StorePredictor(2);
        StoreBranch("a", 8, true, [1, 1, 1, 1], [0, 0, 0, 0]);
        StoreBranch("near", 6, true, [1, 1, 1, 1], [0, 0, 0, 0], error: 1e-3f);
        StoreBranch("other", 6, false, [1, 1, 1, 1], [0, 0, 0, 0]);
        Assert.Contains("not those of the other branches", Refusal("a", "near"), StringComparison.Ordinal);
        Assert.Contains("branches are one network at several sizes", Refusal("a", "other"), StringComparison.Ordinal);
        Assert.Contains("two branches are called 'a'", Refusal("a", "a"), StringComparison.Ordinal);
        Assert.Contains("cannot be called 'predictor'", Refusal("a", "predictor"), StringComparison.Ordinal);
    }

    private string Refusal(params string[] branches)
    {
        ImportException error = Assert.Throws<ImportException>(() => Import(branches));
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }

    private OnnxImport Import(params string[] branches) => Import(null, branches);

    private OnnxImport Import((int Height, int Width)? image, params string[] branches) =>
        GateImporter.Import(PathOf("predictor"), [.. branches.Select(b => new GateBranch(b, PathOf(b)))], new OnnxImportOptions("gated"), image);

    private static string[] Convolutions(OnnxImport import) => [.. import.Graph.Nodes.Select(n => n.Operator).OfType<Conv2d>().Select(c => c.Weight.Name)];

    private string PathOf(string name) => Path.Combine(_folder.FullName, name + ".onnx");

    private void StorePredictor(int scores)
    {
        var model = new OnnxModel(channels: 3, height: 5, width: 5);
        string average = model.Node("Flatten", [model.Node("GlobalAveragePool", ["input"])]);
        File.WriteAllBytes(PathOf("predictor"), model.Bytes(model.Node("Gemm", [average, model.Random(1, 3, scores)])));
    }

    // A convolution, its batch norm (variance 1, mean 0), a rectifier, an average, a Linear layer.
    private void StoreBranch(string name, int size, bool isFolded, float[] gamma, float[] beta, float error = 0)
    {
        var model = new OnnxModel(channels: 3, height: size, width: size);
        float[] weight = [.. Weight.Select((w, i) => (isFolded ? w * gamma[i / 27] : w) + (i == 5 ? error : 0))];
        model.Floats([4, 3, 3, 3], weight);
        model.Proto.Graph.Initializer[0].Name = "first";
        string convolved = model.Node("Conv", isFolded ? ["input", "first", model.Floats([4], beta)] : ["input", "first"], ("pads", new long[] { 1, 1, 1, 1 }));
        string normed = isFolded ? convolved : model.Node("BatchNormalization", [convolved, model.Floats([4], gamma), model.Floats([4], beta), model.Floats([4], 0, 0, 0, 0), model.Floats([4], 1, 1, 1, 1)], ("epsilon", 0f));
        string average = model.Node("ReduceMean", [model.Node("Relu", [normed])], ("axes", new long[] { 2, 3 }), ("keepdims", 0));
        File.WriteAllBytes(PathOf(name), model.Bytes(model.Node("Gemm", [average, model.Random(9, 4, 5)])));
    }
}
