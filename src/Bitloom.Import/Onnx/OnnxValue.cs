using Bitloom.Compiler;
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

/// <summary>
/// A tensor of the network: one image of channels x height x width, whatever order ONNX has its axes in. A Transpose therefore makes
/// no node: the operators between two of them work on the image as it is, and only read their axes and constants in that order.
/// </summary>
/// <param name="Tensor">Its name in the network.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Order">ONNX's axes; an axis that is left out has size 1.</param>
internal sealed record ImageValue(string Tensor, TensorShape Shape, EquatableArray<ImageAxis> Order) : OnnxValue
{
    /// <summary>An image of 1 x channels x height x width.</summary>
    internal ImageValue(string tensor, TensorShape shape)
        : this(tensor, shape, AxisOrder.Standard)
    {
    }

    /// <summary>The shape as ONNX counts it.</summary>
    internal Extent[] Dims => [.. Order.Select(SizeOf)];

    internal bool IsStandard => Order == AxisOrder.Standard;

    internal Extent SizeOf(ImageAxis axis) => axis switch
    {
        ImageAxis.Channels => Extent.Constant(Shape.Channels),
        ImageAxis.Height => Shape.Height,
        ImageAxis.Width => Shape.Width,
        _ => Extent.Constant(1),
    };

    /// <summary>The meaning of an axis that may count from the end, or null where there is none such.</summary>
    internal ImageAxis? AxisOf(long axis) => GridSizes.Axis(axis, Order.Count) is >= 0 and int index ? Order[index] : null;
}

/// <summary>An image under other sizes, half-way through Reshape, Transpose, Reshape.</summary>
/// <param name="Source">The image, in standard order.</param>
/// <param name="Dims">What it was reshaped to.</param>
/// <param name="Order">The transposition since then, or null.</param>
internal sealed record ViewValue(ImageValue Source, Extent[] Dims, int[]? Order) : OnnxValue;

/// <summary>An image of fixed size as a vector 1 x count, item by item in the order of its axes: what a Linear layer reads.</summary>
internal sealed record FlatValue(ImageValue Source) : OnnxValue
{
    internal int Count => GridSizes.Count([.. Source.Dims.Select(d => ((ConstantExtent)d).Value)]);
}
