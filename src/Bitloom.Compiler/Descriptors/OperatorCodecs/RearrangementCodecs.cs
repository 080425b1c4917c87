using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors.OperatorCodecs;

/// <summary>Operators that move or repeat values.</summary>
internal static class RearrangementCodecs
{
    public static OperatorCodec PixelShuffle { get; } = OperatorCodec.Of<PixelShuffle>(
        node => new(node.Integer("factor", 1, DescriptorLimits.Factor)),
        OperatorProperty<PixelShuffle>.Integer("factor", null, o => o.Factor));

    public static OperatorCodec ResizeNearest { get; } = OperatorCodec.Of<ResizeNearest>(
        node => new(node.Integer("factor", 1, DescriptorLimits.Factor)),
        OperatorProperty<ResizeNearest>.Integer("factor", null, o => o.Factor));

    public static OperatorCodec ResizeBilinear { get; } = OperatorCodec.Of<ResizeBilinear>(
        node => new(node.Integer("factor", 1, DescriptorLimits.Factor)),
        OperatorProperty<ResizeBilinear>.Integer("factor", null, o => o.Factor));

    public static OperatorCodec SelectChannels { get; } = OperatorCodec.Of<SelectChannels>(
        node => new(node.Integers("channels", 0, DescriptorLimits.Channels - 1, DescriptorLimits.Channels)),
        OperatorProperty<SelectChannels>.Integers("channels", o => o.Channels));

    public static OperatorCodec Concat { get; } = OperatorCodec.Of<Concat>(_ => new());

    public static OperatorCodec Resize { get; } = OperatorCodec.Of<Resize>(
        node =>
        {
            (int height, int width) = node.Pair("size", 0, 0);
            return new(
                height, width, node.Integer("multiplier", 1, DescriptorLimits.Factor, 1), node.Integer("divisor", 1, DescriptorLimits.Factor, 1),
                node.Choice<ResizeMethod>("method"), node.Choice<ResizeCoordinates>("coordinates"));
        },
        OperatorProperty<Resize>.Pair("size", "0", o => (o.Height, o.Width)),
        OperatorProperty<Resize>.Integer("multiplier", "1", o => o.Multiplier),
        OperatorProperty<Resize>.Integer("divisor", "1", o => o.Divisor),
        OperatorProperty<Resize>.Choice("method", null, o => o.Method),
        OperatorProperty<Resize>.Choice("coordinates", null, o => o.Coordinates));
}
