using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>Constants that an operator repeats over an image.</summary>
internal static class ChannelConstant
{
    /// <summary>
    /// One value a channel from a constant whose axes meet the image's from the last one on, as numpy broadcasts: [C, 1, 1] for an
    /// image in standard order, [C] for one with channels last, one value, or such expanded to the size of the image, where it is the
    /// same at every pixel.
    /// </summary>
    /// <exception cref="ImportException">The constant differs from pixel to pixel or does not fit.</exception>
    internal static float[] Read(OnnxNode node, Conversion conversion, int index, ImageValue image)
    {
        Grid<float> grid = conversion.Constant(node, index);
        int channels = image.Shape.Channels, rank = image.Order.Count;
        if (grid.Items.Length == 1 && grid.Rank <= rank) return [.. Enumerable.Repeat(grid.Items[0], channels)];
        int[] dims = [.. Enumerable.Repeat(1, Math.Max(0, rank - grid.Rank)), .. grid.Dims], strides = GridSizes.Strides(dims);
        if (dims.Length != rank || grid.Items.Length == 0 || !dims.Zip(image.Dims).All(d => d.First == 1 || conversion.IsSize(d.Second, Extent.Constant(d.First))))
            throw node.Refuse(FormattableString.Invariant($"its constant of [{string.Join(", ", grid.Dims)}] does not fit the image of {image.Shape}"), "give one value a channel, [1, channels, 1, 1]");

        var values = new float[channels];
        int axis = Array.IndexOf([.. image.Order], ImageAxis.Channels);
        (int count, int stride) = axis < 0 ? (1, 0) : (dims[axis], strides[axis]);
        var seen = new bool[channels];
        for (int i = 0; i < grid.Items.Length; i++)
        {
            int channel = count == 1 ? 0 : i / stride % count;
            if (seen[channel] && !grid.Items[i].Equals(values[channel])) throw node.Refuse("its constant differs from pixel to pixel", "give one value a channel, [1, channels, 1, 1]");
            (values[channel], seen[channel]) = (grid.Items[i], true);
        }

        if (count == 1) Array.Fill(values, values[0]);
        return values;
    }
}
