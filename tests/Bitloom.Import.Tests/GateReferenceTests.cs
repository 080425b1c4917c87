using System.Globalization;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx;
using Bitloom.Import.Onnx.Gates;
using Bitloom.Import.Safetensors;
using Bitloom.Parity.Tests.Harness;
using Bitloom.ReferenceInterpreter;
using Xunit.Abstractions;

namespace Bitloom.Import.Tests;

/// <summary>DRNet's predictor and classifiers as one network, against PyTorch's.</summary>
public sealed class GateReferenceTests(ITestOutputHelper log)
{
    private static readonly string[] Branches = ["96", "72", "48"];

    [SharedFact]
    public void Every_branch_computes_what_its_file_does()
    {
        OnnxImport import = Import();
        foreach (string line in import.Report.Lines.Append(import.Report.Summary)) log.WriteLine(line);
        Assert.EndsWith("0 binary convolutions, 34 full-precision, 0 shifts, 1 gates", import.Report.Summary, StringComparison.Ordinal);
        IReadOnlyList<NamedTensor> values = ReferenceFiles.Values("drnet");
        var image = new Dictionary<string, Tensor> { ["image"] = ReferenceFiles.Image(values, "image") };
        Node gate = import.Graph.Nodes.Single(n => n.Operator is Gate);
        IReadOnlyDictionary<string, Tensor> tensors = Interpreter.RunAll(import.Graph, image);
        float[] scores = values.Single(v => v.Name == "scores").Values;
        Assert.InRange(Largest(scores, tensors[gate.Inputs[0]].Values), 0, 1e-4);
        for (int b = 0; b < Branches.Length; b++)
        {
            float[] expected = values.Single(v => v.Name == $"logits_{Branches[b]}").Values, actual = tensors[gate.Inputs[b + 1]].Values;
            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Branches[b]}: largest difference {Largest(expected, actual):g3}"));
            Assert.InRange(Largest(expected, actual), 0, 1e-4);
            Assert.Equal(Array.IndexOf(expected, expected.Max()), Array.IndexOf(actual, actual.Max()));
        }

        int chosen = Array.IndexOf(scores, scores.Max());
        Assert.Equal(chosen, Interpreter.Run(import.Graph, image)["choice"].Values.Single());
        Assert.Equal(tensors[gate.Inputs[chosen + 1]].Values, Interpreter.Run(import.Graph, image)["output"].Values);
    }

    [SharedFact]
    public void Convolutions_of_all_branches_are_stored_once_and_survive_a_descriptor()
    {
        NetworkGraph graph = DescriptorReader.Read(DescriptorWriter.Write(Import().Graph)).Value!;
        bool IsOf(string node, string branch) => node.StartsWith(branch + ".", StringComparison.Ordinal) || node == "logits_" + branch;
        string[] Weights(string branch) => [.. graph.Nodes.Where(n => IsOf(n.Name, branch)).Select(n => n.Operator).OfType<Conv2d>().Select(c => c.Weight.Name)];
        Assert.Equal(21, Weights("96").Length);
        Assert.Equal(Weights("96"), Weights("72"));
        Assert.Equal(Weights("96"), Weights("48"));
    }

    [SharedFact]
    public void Files_that_do_not_belong_together_are_refused()
    {
        Assert.Contains("3 branches need", Refusal("classifier_96.onnx", "classifier_96.onnx", "classifier_72.onnx", "classifier_48.onnx"), StringComparison.Ordinal);
        Assert.Contains("2 branches need", Refusal("predictor.onnx", "classifier_96.onnx", "classifier_72.onnx"), StringComparison.Ordinal);
        Assert.Contains("makes", Refusal("predictor.onnx", "classifier_96.onnx", "predictor.onnx", "classifier_48.onnx"), StringComparison.Ordinal);
        Assert.Contains("give 2 to", Refusal("predictor.onnx", "classifier_96.onnx"), StringComparison.Ordinal);
    }

    private static string Refusal(string predictor, params string[] files) => Assert.Throws<ImportException>(() => GateImporter.Import(
        ReferenceFiles.PathOf("drnet", predictor), [.. files.Select((f, i) => new GateBranch($"b{i}", ReferenceFiles.PathOf("drnet", f)))], new OnnxImportOptions("drnet"))).Message;

    private static OnnxImport Import() => GateImporter.Import(
        ReferenceFiles.PathOf("drnet", "predictor.onnx"), [.. Branches.Select(b => new GateBranch(b, ReferenceFiles.PathOf("drnet", $"classifier_{b}.onnx")))], new OnnxImportOptions("drnet"));

    private static double Largest(float[] expected, float[] actual) => expected.Zip(actual).Max(p => Math.Abs((double)p.First - p.Second));
}
