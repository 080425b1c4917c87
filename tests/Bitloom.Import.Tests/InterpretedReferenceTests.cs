using System.Globalization;
using Bitloom.Import.Onnx;
using Bitloom.Import.Safetensors;
using Bitloom.ReferenceInterpreter;
using Xunit.Abstractions;

namespace Bitloom.Import.Tests;

/// <summary>PyTorch's exports of every family, imported without options and computed by the interpreter.</summary>
public sealed class InterpretedReferenceTests(ITestOutputHelper log)
{
    [SharedTheory]
    [InlineData("bbcu_m_x3", "model.onnx", "output", 1e-5, "10 binary convolutions, 2 full-precision, 0 shifts, 0 gates")]
    [InlineData("bbcu_l_x4", "model.onnx", "output", 1e-5, "8 binary convolutions, 5 full-precision, 0 shifts, 0 gates")]
    [InlineData("ghost_edsr_x2", "model.onnx", "output", 1e-5, "0 binary convolutions, 12 full-precision, 8 shifts, 0 gates")]
    [InlineData("ghost_edsr_x2_per_channel", "model.onnx", "output", 1e-5, "0 binary convolutions, 12 full-precision, 8 shifts, 0 gates")]
    [InlineData("bisrnet", "model.onnx", "output", 5e-4, "59 binary convolutions, 3 full-precision, 0 shifts, 0 gates")]
    [InlineData("bisrnet", "free_size.onnx", "output", 5e-4, "59 binary convolutions, 3 full-precision, 0 shifts, 0 gates")]
    [InlineData("drnet", "predictor.onnx", "scores", 1e-4, "0 binary convolutions, 13 full-precision, 0 shifts, 0 gates")]
    [InlineData("drnet", "classifier_96.onnx", "logits_96", 1e-4, "0 binary convolutions, 21 full-precision, 0 shifts, 0 gates")]
    public void An_exported_network_computes_what_PyTorch_does(string folder, string file, string output, double tolerance, string summary)
    {
        OnnxImport import = ReferenceFiles.Import(folder, file);
        foreach (string line in import.Report.Lines) log.WriteLine(line);
        log.WriteLine(import.Report.Summary);
        Assert.EndsWith(summary, import.Report.Summary, StringComparison.Ordinal);
        IReadOnlyList<NamedTensor> values = ReferenceFiles.Values(folder);
        Dictionary<string, Tensor> inputs = import.Graph.Inputs.ToDictionary(i => i.Name, i => ReferenceFiles.Image(values, values.Any(v => v.Name == i.Name) ? i.Name : "image"));
        if (file == "predictor.onnx") inputs["input"] = ReferenceFiles.Resize(inputs["input"], 64);
        float[] expected = values.Single(v => v.Name == output).Values, actual = Interpreter.Run(import.Graph, inputs).Values.Single().Values;
        double mean = expected.Zip(actual).Average(p => Math.Abs((double)p.First - p.Second)), most = expected.Zip(actual).Max(p => Math.Abs((double)p.First - p.Second));
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mean difference {mean:g3}, largest {most:g3}"));
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(mean, 0, tolerance);
    }
}
