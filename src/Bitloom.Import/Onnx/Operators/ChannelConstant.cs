using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>Constants that an operator repeats over an image.</summary>
internal static class ChannelConstant
{
    /// <summary>
    /// One value a channel from a constant of [C, 1, 1], [1, C, 1, 1], one value, or such expanded to the size of the image, where it
    /// is the same at every pixel.
    /// </summary>
    /// <exception cref="ImportException">The constant differs from pixel to pixel or does not fit.</exception>
    internal static float[] Read(OnnxNode node, Conversion conversion, int index, ImageValue image)
    {
        Grid<float> grid = conversion.Constant(node, index);
        int channels = image.Shape.Channels;
        if (grid.Items.Length == 1 && grid.Rank <= 4) return [.. Enumerable.Repeat(grid.Items[0], channels)];
        int[] dims = [.. Enumerable.Repeat(1, Math.Max(0, 4 - grid.Rank)), .. grid.Dims];
        bool fits = dims.Length == 4 && dims[0] == 1 && (dims[1] == 1 || dims[1] == channels) && IsSize(dims[2], image.Shape.Height) && IsSize(dims[3], image.Shape.Width);
        if (!fits) throw node.Refuse(FormattableString.Invariant($"its constant of [{string.Join(", ", grid.Dims)}] does not fit the image of {image.Shape}"), "give one value a channel, [1, channels, 1, 1]");
        int plane = dims[2] * dims[3];
        var values = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> pixels = grid.Items.AsSpan(dims[1] == 1 ? 0 : c * plane, plane);
            if (pixels.IndexOfAnyExcept(pixels[0]) >= 0) throw node.Refuse("its constant differs from pixel to pixel", "give one value a channel, [1, channels, 1, 1]");
            values[c] = pixels[0];
        }

        return values;

        bool IsSize(int size, Extent extent) => size == 1 || conversion.IsSize(extent, Extent.Constant(size));
    }
}
