using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx;

/// <summary>What is known about a value of an ONNX graph on its way to a network.</summary>
internal abstract record OnnxValue;

/// <summary>Real constants: weights, scales. Float16, bfloat16 and float64 are held in single precision.</summary>
/// <param name="Grid">The numbers.</param>
/// <param name="Name">The name of the initialiser, where the numbers are one unchanged.</param>
internal sealed record FloatValue(Grid<float> Grid, string? Name = null) : OnnxValue;

/// <summary>
/// Whole numbers, each constant or computed from the image's size: shapes, indices, pads. Booleans are 0 and 1; 64-bit numbers are
/// clamped to 32 bits, which is exact for every size that a network can have.
/// </summary>
/// <param name="Grid">The numbers.</param>
/// <param name="IsReal">True where ONNX has cast them to a floating type.</param>
internal sealed record IntegerValue(Grid<Extent> Grid, bool IsReal = false) : OnnxValue
{
    internal bool IsConstant => Array.TrueForAll(Grid.Items, e => e is ConstantExtent);

    internal static IntegerValue Vector(params IEnumerable<Extent> items) => Of([.. items]);

    internal static IntegerValue Of(Extent[] items) => new(new Grid<Extent>([items.Length], items));
}

/// <summary>A tensor of the network: one image of channels x height x width.</summary>
/// <param name="Tensor">Its name in the network.</param>
/// <param name="Shape">Its shape; ONNX puts a batch of 1 before it.</param>
internal sealed record ImageValue(string Tensor, TensorShape Shape) : OnnxValue
{
    /// <summary>The shape as ONNX counts it: 1 x channels x height x width.</summary>
    internal Extent[] Dims => [Extent.Constant(1), Extent.Constant(Shape.Channels), Shape.Height, Shape.Width];
}

/// <summary>An image under other axes, half-way through Reshape, Transpose, Reshape.</summary>
/// <param name="Source">The image.</param>
/// <param name="Dims">What it was reshaped to.</param>
/// <param name="Order">The transposition since then, or null.</param>
internal sealed record ViewValue(ImageValue Source, Extent[] Dims, int[]? Order) : OnnxValue;
