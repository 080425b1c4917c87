using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors.OperatorCodecs;

/// <summary>Operators that add or remove rows and columns, or move the image within its borders.</summary>
internal static class BorderCodecs
{
    public static OperatorCodec Pad { get; } = OperatorCodec.Of<Pad>(
        node =>
        {
            (int top, int left, int bottom, int right) = node.Sides("sides");
            return new(top, left, bottom, right, node.Choice<PadMode>("mode", PadMode.Zero));
        },
        OperatorProperty<Pad>.Sides("sides", o => (o.Top, o.Left, o.Bottom, o.Right)),
        OperatorProperty<Pad>.Choice("mode", "\"zero\"", o => o.Mode));

    public static OperatorCodec PadToMultiple { get; } = OperatorCodec.Of<PadToMultiple>(
        node => new(node.Pair("multiple", 1), node.Choice<PadMode>("mode", PadMode.Zero)),
        OperatorProperty<PadToMultiple>.Pair("multiple", null, o => o.Multiple),
        OperatorProperty<PadToMultiple>.Choice("mode", "\"zero\"", o => o.Mode));

    public static OperatorCodec Crop { get; } = OperatorCodec.Of<Crop>(
        node =>
        {
            (int top, int left, int bottom, int right) = node.Sides("sides");
            return new(top, left, bottom, right);
        },
        OperatorProperty<Crop>.Sides("sides", o => (o.Top, o.Left, o.Bottom, o.Right)));

    public static OperatorCodec CropLike { get; } = OperatorCodec.Of<CropLike>(_ => new());

    public static OperatorCodec Shift { get; } = OperatorCodec.Of<Shift>(
        node => new(
            node.Integers("rows", -Operators.Shift.Farthest, Operators.Shift.Farthest, DescriptorLimits.Channels),
            node.Integers("columns", -Operators.Shift.Farthest, Operators.Shift.Farthest, DescriptorLimits.Channels)),
        OperatorProperty<Shift>.Shifts("rows", o => o.Rows),
        OperatorProperty<Shift>.Shifts("columns", o => o.Columns));
}
