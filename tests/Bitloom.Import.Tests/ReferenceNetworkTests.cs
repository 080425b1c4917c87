using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Hosting;
using Bitloom.Import.Onnx;
using Bitloom.Import.Safetensors;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Runtime;

namespace Bitloom.Import.Tests;

/// <summary>PyTorch's exports of the BBCU family, imported, compiled and compared with what PyTorch computed.</summary>
public sealed class ReferenceNetworkTests
{
    private const double MeanTolerance = 1e-5;

    [SharedTheory]
    [InlineData("bbcu_m_x2", "model.onnx", 34, 2)]
    [InlineData("bbcu_m_x2", "free_size.onnx", 34, 2)]
    [InlineData("bbcu_m_x3", "model.onnx", 10, 2)]
    [InlineData("bbcu_l_x4", "model.onnx", 8, 5)]
    [InlineData("bbcu_denoise", "model.onnx", 18, 2)]
    [InlineData("bbcu_deblock", "model.onnx", 18, 2)]
    [InlineData("bbcu_s_x2_trained", "model.onnx", 18, 2)]
    public void An_exported_network_computes_what_PyTorch_does(string folder, string file, int binary, int fullPrecision)
    {
        OnnxImport import = Import(folder, file);
        Assert.Equal((binary, fullPrecision), (import.Report.BinaryConvolutions, import.Report.FullPrecision));
        Assert.Equal(0, import.Report.WorstDeviation);
        IReadOnlyList<NamedTensor> values = SafetensorsReader.Read(Path.Combine(SharedReference.Folder!, folder, "io.safetensors"));
        NamedTensor input = values.Single(v => v.Name == "input"), output = values.Single(v => v.Name == "output");
        float[] actual = Run(import.Graph, input.Values, input.Shape[2], input.Shape[3]);
        Assert.Equal(output.Values.Length, actual.Length);
        double mean = actual.Zip(output.Values).Average(p => Math.Abs((double)p.First - p.Second));
        Assert.True(mean <= MeanTolerance, FormattableString.Invariant($"mean difference {mean:g3}"));
    }

    [SharedFact]
    public void Fixed_and_free_exports_of_one_network_agree_at_another_size()
    {
        float[] image = OnnxModel.RandomValues(3, 3 * 17 * 23);
        float[] fromFixed = Run(Import("bbcu_m_x2", "model.onnx").Graph, image, 17, 23), fromFree = Run(Import("bbcu_m_x2", "free_size.onnx").Graph, image, 17, 23);
        Assert.Equal(3 * 34 * 46, fromFixed.Length);
        Assert.Equal(fromFree, fromFixed);
    }

    [SharedFact]
    public void The_size_of_the_export_stays_on_demand()
    {
        NetworkGraph graph = OnnxImporter.Import(PathOf("bbcu_m_x3", "model.onnx"), new OnnxImportOptions("net", KeepsSize: true)).Graph;
        Assert.Equal(new TensorShape(3, Extent.Constant(48), Extent.Constant(40)), graph.Inputs[0].Shape);
        ImportException error = Assert.Throws<ImportException>(() => OnnxImporter.Import(PathOf("bbcu_m_x2", "free_size.onnx"), new OnnxImportOptions("net", KeepsSize: true)));
        Assert.Contains("free sizes", error.Message, StringComparison.Ordinal);
    }

    private static string PathOf(string folder, string file) => Path.Combine(SharedReference.Folder!, folder, file);

    private static OnnxImport Import(string folder, string file) => OnnxImporter.Import(PathOf(folder, file), new OnnxImportOptions("net"));

    private static float[] Run(NetworkGraph graph, float[] input, int height, int width)
    {
        Outcome<CompiledNetwork> outcome = BloomCompiler.Compile(graph, new EmissionOptions("Imported", "Net"));
        Assert.True(outcome.Succeeded, string.Join(Environment.NewLine, outcome.Diagnostics));
        using HostedModel model = HostedModel.Load(outcome.Value!, "Imported.Net");
        using BloomSession session = model.CreateSession(height, width);
        var output = new float[session.Outputs[0].Length];
        session.Run([input], [output]);
        return output;
    }
}

/// <summary>A theory that reads the shared reference; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute()
    {
        if (SharedReference.Folder is null) Skip = "No shared/reference folder beside the repository: set BITLOOM_SHARED to it.";
    }
}
