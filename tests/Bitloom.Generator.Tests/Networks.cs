using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Generator.Tests;

/// <summary>Small networks for tests that are about the generator and not about what a network computes.</summary>
internal static class Networks
{
    /// <summary>input (2 channels) -> <c>scale</c> -> <c>rectify</c> -> output.</summary>
    /// <param name="name">Name of the network.</param>
    /// <param name="scale">The scale of both channels.</param>
    /// <param name="description">Description of the network.</param>
    internal static string Descriptor(string name = "tiny", float scale = 0.5f, string description = "Two layers.")
    {
        var shape = new TensorShape(2, Extent.Symbol("height"), Extent.Symbol("width"));
        var affine = new Affine(FloatTensor.Vector("scale.k", scale, scale), FloatTensor.Vector("scale.b", 0.25f, -1.5f));
        return DescriptorWriter.Write(new NetworkGraph(
            name,
            description,
            [new GraphInput("image", shape, SourceLocation.None)],
            [
                new Node("scale", affine, ["image"], SourceLocation.None),
                new Node("rectify", new Relu(), ["scale"], SourceLocation.None),
            ],
            [new GraphOutput("result", "rectify", SourceLocation.None)]));
    }

    /// <summary>1-based line of a descriptor on which the node <paramref name="name"/> stands.</summary>
    internal static int LineOf(string descriptor, string name) =>
        Array.FindIndex(descriptor.Split('\n'), line => line.Contains($"\"name\": \"{name}\"", StringComparison.Ordinal)) + 1;
}
