using Bitloom.Compiler;

namespace Bitloom.Import.Onnx;

/// <summary>What an axis of an ONNX tensor is.</summary>
internal enum ImageAxis
{
    /// <summary>Always of size 1.</summary>
    Batch,

    /// <summary>Channels.</summary>
    Channels,

    /// <summary>Rows.</summary>
    Height,

    /// <summary>Columns.</summary>
    Width,
}

/// <summary>Orders of axes.</summary>
internal static class AxisOrder
{
    /// <summary>1 x channels x height x width.</summary>
    internal static EquatableArray<ImageAxis> Standard { get; } = [ImageAxis.Batch, ImageAxis.Channels, ImageAxis.Height, ImageAxis.Width];

    /// <summary>1 x channels: an image of one pixel.</summary>
    internal static EquatableArray<ImageAxis> Vector { get; } = [ImageAxis.Batch, ImageAxis.Channels];

    /// <summary>In words, e.g. <c>batch, height, width, channels</c>.</summary>
    internal static string Describe(EquatableArray<ImageAxis> order) => string.Join(", ", order.Select(a => a switch
    {
        ImageAxis.Batch => "batch",
        ImageAxis.Channels => "channels",
        ImageAxis.Height => "height",
        _ => "width",
    }));
}
