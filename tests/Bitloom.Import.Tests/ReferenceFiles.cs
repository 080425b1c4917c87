using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx;
using Bitloom.Import.Safetensors;
using Bitloom.Parity.Tests.Harness;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Import.Tests;

/// <summary>The shared reference networks and what PyTorch computed with them.</summary>
internal static class ReferenceFiles
{
    internal static string PathOf(string folder, string file) => Path.Combine(SharedReference.Folder!, folder, file);

    internal static OnnxImport Import(string folder, string file) => OnnxImporter.Import(PathOf(folder, file), new OnnxImportOptions("net"));

    internal static IReadOnlyList<NamedTensor> Values(string folder) => SafetensorsReader.Read(PathOf(folder, "io.safetensors"));

    internal static Tensor Image(IReadOnlyList<NamedTensor> values, string name)
    {
        NamedTensor value = values.Single(v => v.Name == name);
        return new Tensor(value.Shape[1], value.Shape[2], value.Shape[3], value.Values);
    }

    /// <summary>An image at another size, as PyTorch's bilinear interpolation makes it.</summary>
    internal static Tensor Resize(Tensor image, int size)
    {
        var shape = new TensorShape(image.Channels, Extent.Constant(image.Height), Extent.Constant(image.Width));
        var resize = new Node("resized", Compiler.Operators.Resize.To(size, size, ResizeMethod.Bilinear, ResizeCoordinates.HalfPixel), ["image"], SourceLocation.None);
        var graph = new NetworkGraph("resize", "", [new GraphInput("image", shape, SourceLocation.None)], [resize], [new GraphOutput("resized", "resized", SourceLocation.None)]);
        return Interpreter.Run(graph, new Dictionary<string, Tensor> { ["image"] = image })["resized"];
    }
}
