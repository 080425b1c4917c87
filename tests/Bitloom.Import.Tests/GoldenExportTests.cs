using System.Runtime.CompilerServices;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Onnx;
using Bitloom.Import.Safetensors;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Import.Tests;

/// <summary>Small exports of PyTorch 1.13, one for each group of patterns; see Goldens/make_goldens.py.</summary>
public sealed class GoldenExportTests
{
    // Values are around 1; the interpreter and PyTorch differ by rounding only.
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("spectral", "spectral", true, "3 binary convolutions, 1 full-precision, 0 shifts")]
    [InlineData("spectral", "spectral_free", true, "3 binary convolutions, 1 full-precision, 0 shifts")]
    [InlineData("spectral_16", "spectral_16", true, "3 binary convolutions, 1 full-precision, 0 shifts")]
    [InlineData("mobile_11", "mobile_11", true, "0 binary convolutions, 3 full-precision, 0 shifts")]
    [InlineData("mobile_14", "mobile_14", true, "0 binary convolutions, 3 full-precision, 0 shifts")]
    [InlineData("mobile_14", "mobile_14_free", true, "0 binary convolutions, 3 full-precision, 0 shifts")]
    [InlineData("flat", "flat", false, "0 binary convolutions, 3 full-precision, 0 shifts")]
    [InlineData("resample_11", "resample_11", true, "0 binary convolutions, 0 full-precision, 0 shifts")]
    [InlineData("resample_13", "resample_13", true, "0 binary convolutions, 0 full-precision, 0 shifts")]
    [InlineData("resample_13", "resample_13_free", true, "0 binary convolutions, 0 full-precision, 0 shifts")]
    [InlineData("shuffled", "shuffled", true, "0 binary convolutions, 0 full-precision, 1 shifts")]
    [InlineData("shuffled", "shuffled_free", true, "0 binary convolutions, 0 full-precision, 1 shifts")]
    public void An_export_computes_what_PyTorch_does(string values, string file, bool becomesFree, string summary)
    {
        OnnxImport import = Import(file);
        Assert.Contains(summary, import.Report.Summary, StringComparison.Ordinal);
        Assert.Equal(becomesFree, import.Graph.Inputs[0].Shape.Height is SymbolExtent);
        IReadOnlyList<NamedTensor> stored = SafetensorsReader.Read(Path.Combine(Folder(), values + ".safetensors"));
        Tensor output = OnnxModel.Run(import.Graph, ReferenceFiles.Image(stored, "input"));
        float[] expected = stored.Single(v => v.Name == "output").Values;
        Assert.Equal(expected.Length, output.Values.Length);
        Assert.All(expected.Zip(output.Values), p => Assert.Equal(p.First, p.Second, Tolerance));
    }

    /// <summary>At sizes that PyTorch has not seen, an export of fixed size and one of free size are the same network.</summary>
    [Theory]
    [InlineData("mobile_14", 3, 21, 30)]
    [InlineData("resample_13", 2, 9, 4)]
    [InlineData("shuffled", 8, 3, 7)]
    public void Fixed_and_free_exports_agree_at_another_size(string name, int channels, int height, int width)
    {
        var image = new Tensor(channels, height, width, OnnxModel.RandomValues(1, channels * height * width));
        Assert.Equal(OnnxModel.Run(Import(name + "_free").Graph, image).Values, OnnxModel.Run(Import(name).Graph, image).Values);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(8, 24)]
    [InlineData(9, 17)]
    public void A_network_of_free_size_with_padding_and_a_cut_returns_the_size_that_it_was_given(int height, int width)
    {
        Tensor output = OnnxModel.Run(Import("spectral_free").Graph, new Tensor(4, height, width, OnnxModel.RandomValues(2, 4 * height * width)));
        Assert.Equal((height, width), (output.Height, output.Width));
    }

    private static OnnxImport Import(string file) => OnnxImporter.Import(Path.Combine(Folder(), file + ".onnx"), new OnnxImportOptions("golden"));

    private static string Folder([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "Goldens");
}
