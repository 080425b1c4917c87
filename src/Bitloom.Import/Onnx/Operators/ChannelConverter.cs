using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>Concat, Slice, Split and Gather along channels.</summary>
internal sealed class ChannelConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Concat", "Slice", "Split", "Gather"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        if (node.Operator == "Concat") Concatenate(node, conversion);
        else if (node.Operator == "Slice") Slice(node, conversion);
        else if (node.Operator == "Gather") Gather(node, conversion);
        else Split(node, conversion);
    }

    private static void Concatenate(OnnxNode node, Conversion conversion)
    {
        CheckAxis(node, node.Integer("axis", 1));
        ImageValue[] parts = [.. node.Inputs.Select((_, i) => conversion.Image(node, i))];
        if (parts.Length is 0 or > 64) throw node.Refuse(FormattableString.Invariant($"it joins {parts.Length} images"), "1 to 64 are possible");
        conversion.Define(node, conversion.Append(node, new Concat(), parts));
    }

    private static void Slice(OnnxNode node, Conversion conversion)
    {
        ImageValue image = conversion.Image(node, 0);
        OnnxValue?[] inputs = [.. node.Inputs.Select((_, i) => conversion.Value(node, i))];
        SliceRange[] ranges = SliceRange.Read(node, inputs) ?? throw node.Refuse("its bounds are not constant", "slice channels by constants");
        foreach (SliceRange range in ranges)
        {
            int axis = GridSizes.Axis(range.Axis, 4);
            if (axis != 1)
            {
                // Exporters spell out axes that are taken whole.
                if (axis >= 0 && range is { Start: 0, End: int.MaxValue, Step: 1 }) continue;
                throw node.Refuse("it slices height, width or batch", "the nearest that is supported: a slice of channels");
            }

            image = Select(node, conversion, image, range.Indices(image.Shape.Channels));
        }

        conversion.Define(node, image);
    }

    private static void Gather(OnnxNode node, Conversion conversion)
    {
        CheckAxis(node, node.Integer("axis", 0));
        ImageValue image = conversion.Image(node, 0);
        if (conversion.Value(node, 1) is not IntegerValue { IsConstant: true, Grid.Rank: 1 } indices) throw node.Refuse("its indices are not a constant vector", "gather channels by constants");
        conversion.Define(node, Select(node, conversion, image, [.. indices.Grid.Items.Select(e => ((ConstantExtent)e).Value).Select(i => i < 0 ? i + image.Shape.Channels : i)]));
    }

    private static void Split(OnnxNode node, Conversion conversion)
    {
        CheckAxis(node, node.Integer("axis", 0));
        ImageValue image = conversion.Image(node, 0);
        int parts = node.Outputs.Count, channels = image.Shape.Channels, each = (channels + parts - 1) / parts;
        long[] sizes = node.Integers("split")?.ToArray() ?? (node.Input(1) is null ? null : Movement.Sizes(conversion.Value(node, 1))?.Select(s => (long)s).ToArray())
            ?? [.. Enumerable.Range(0, parts).Select(i => (long)Math.Min(each, channels - (i * each)))];
        if (sizes.Length != parts || sizes.Any(s => s < 1 || s > channels) || sizes.Sum() != channels)
            throw node.Refuse(FormattableString.Invariant($"its parts [{string.Join(", ", sizes)}] are not the {channels} channels"), "split channels by constants");
        for (int i = 0, start = 0; i < parts; start += (int)sizes[i++])
            if (node.Outputs[i].Length > 0) conversion.Define(node, Select(node, conversion, image, [.. Enumerable.Range(start, (int)sizes[i])]), i);
    }

    private static ImageValue Select(OnnxNode node, Conversion conversion, ImageValue image, int[] channels) =>
        channels.SequenceEqual(Enumerable.Range(0, image.Shape.Channels)) ? image : conversion.Append(node, new SelectChannels(channels.ToEquatableArray()), image);

    private static void CheckAxis(OnnxNode node, long axis)
    {
        if (axis is not (1 or -3)) throw node.Refuse(FormattableString.Invariant($"its axis is {axis}"), "only axis 1, channels, is supported for images");
    }
}
