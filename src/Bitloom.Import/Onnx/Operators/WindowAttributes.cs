using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>Strides, pads and dilations, which convolutions and pooling spell alike.</summary>
internal static class WindowAttributes
{
    /// <exception cref="ImportException">A number is out of range, or padding is implicit.</exception>
    internal static Window Read(OnnxNode node)
    {
        string mode = node.Text("auto_pad", "NOTSET");
        if (mode is not ("NOTSET" or "" or "VALID")) throw node.Refuse($"auto_pad is {mode}", "export with explicit pads");
        long[] pads = mode == "VALID" ? [0, 0, 0, 0] : Numbers(node, "pads", 0, 4), strides = Numbers(node, "strides", 1, 2), dilations = Numbers(node, "dilations", 1, 2);
        int[] p = [.. pads.Select(v => Bounded(node, v, 0, DescriptorLimits.Window, "pads"))];
        int[] s = [.. strides.Select(v => Bounded(node, v, 1, DescriptorLimits.Window, "strides"))], d = [.. dilations.Select(v => Bounded(node, v, 1, DescriptorLimits.Window, "dilations"))];
        return new Window(s[0], s[1], p[0], p[1], p[2], p[3], d[0], d[1]);
    }

    /// <summary>The kernel that a pooling names.</summary>
    internal static (int Rows, int Columns) ReadKernel(OnnxNode node) => node.Integers("kernel_shape") is [var rows, var columns]
        ? (Bounded(node, rows, 1, DescriptorLimits.Window, "kernel_shape"), Bounded(node, columns, 1, DescriptorLimits.Window, "kernel_shape"))
        : throw node.Refuse("its kernel_shape is not two numbers", "only two-dimensional pooling is supported");

    internal static int Bounded(OnnxNode node, long value, int least, int most, string what) => value >= least && value <= most
        ? (int)value
        : throw node.Refuse(FormattableString.Invariant($"{what} holds {value}"), FormattableString.Invariant($"{least} to {most} are possible"));

    private static long[] Numbers(OnnxNode node, string attribute, long absent, int count)
    {
        if (node.Integers(attribute) is not { Count: > 0 } given) return [.. Enumerable.Repeat(absent, count)];
        return given.Count == count ? [.. given] : throw node.Refuse(FormattableString.Invariant($"{attribute} holds {given.Count} numbers in place of {count}"), "only two-dimensional windows are supported");
    }
}
