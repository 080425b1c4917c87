using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>Concat, Split and Gather along channels.</summary>
internal sealed class ChannelConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Concat", "Split", "Gather"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        if (node.Operator == "Concat") Concatenate(node, conversion);
        else if (node.Operator == "Gather") Gather(node, conversion);
        else Split(node, conversion);
    }

    /// <summary>An image's channels chosen by index; nothing where all are taken in order.</summary>
    internal static ImageValue Select(OnnxNode node, Conversion conversion, ImageValue image, int[] channels) =>
        channels.SequenceEqual(Enumerable.Range(0, image.Shape.Channels)) ? image : conversion.Append(node, new SelectChannels(channels.ToEquatableArray()), image);

    private static void Concatenate(OnnxNode node, Conversion conversion)
    {
        ImageValue[] parts = [.. node.Inputs.Select((_, i) => conversion.Pixels(node, i))];
        if (parts.Length is 0 or > 64) throw node.Refuse(FormattableString.Invariant($"it joins {parts.Length} images"), "1 to 64 are possible");
        CheckAxis(node, parts[0], node.Integer("axis", 1));
        if (parts.FirstOrDefault(p => p.Order != parts[0].Order) is { } other) throw node.Refuse($"its inputs have the axes {AxisOrder.Describe(parts[0].Order)} and {AxisOrder.Describe(other.Order)}", "transpose one of them");
        conversion.Define(node, conversion.Append(node, new Concat(), parts));
    }

    private static void Gather(OnnxNode node, Conversion conversion)
    {
        ImageValue image = conversion.Pixels(node, 0);
        CheckAxis(node, image, node.Integer("axis", 0));
        if (conversion.Value(node, 1) is not IntegerValue { IsConstant: true, Grid: { Rank: <= 1, Items.Length: > 0 } indices }) throw node.Refuse("its indices are not a constant vector", "gather channels by constants");
        ImageValue chosen = Select(node, conversion, image, [.. indices.Items.Select(e => ((ConstantExtent)e).Value).Select(i => i < 0 ? i + image.Shape.Channels : i)]);

        // A single index takes its axis away.
        conversion.Define(node, indices.Rank == 1 ? chosen : chosen with { Order = image.Order.Where(a => a != ImageAxis.Channels).ToEquatableArray() });
    }

    private static void Split(OnnxNode node, Conversion conversion)
    {
        ImageValue image = conversion.Pixels(node, 0);
        CheckAxis(node, image, node.Integer("axis", 0));
        int parts = node.Outputs.Count, channels = image.Shape.Channels, each = (channels + parts - 1) / parts;
        long[] sizes = node.Integers("split")?.ToArray() ?? (node.Input(1) is null ? null : Movement.Sizes(conversion.Value(node, 1))?.Select(s => (long)s).ToArray())
            ?? [.. Enumerable.Range(0, parts).Select(i => (long)Math.Min(each, channels - (i * each)))];
        if (sizes.Length != parts || sizes.Any(s => s < 1 || s > channels) || sizes.Sum() != channels)
            throw node.Refuse(FormattableString.Invariant($"its parts [{string.Join(", ", sizes)}] are not the {channels} channels"), "split channels by constants");
        for (int i = 0, start = 0; i < parts; start += (int)sizes[i++])
            if (node.Outputs[i].Length > 0) conversion.Define(node, Select(node, conversion, image, [.. Enumerable.Range(start, (int)sizes[i])]), i);
    }

    private static void CheckAxis(OnnxNode node, ImageValue image, long axis)
    {
        if (image.AxisOf(axis) != ImageAxis.Channels) throw node.Refuse(FormattableString.Invariant($"its axis is {axis}"), "only the axis of channels is supported for images");
    }
}
