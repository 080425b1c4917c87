using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>
/// The convolutions of GhostSR (arXiv 2101.08525, section 3.1): of the output channels some are intrinsic, made by a convolution, and the
/// others are ghosts, intrinsic channels moved by whole pixels. Ghost j comes from intrinsic channel j modulo their number.
/// </summary>
/// <param name="Ratio">Lambda, the share of ghosts, from 0 (an ordinary convolution) to below 1.</param>
/// <param name="PerChannel">Every ghost has an offset of its own; otherwise all of a layer have one, as in the authors' code.</param>
public sealed record GhostLayers(double Ratio = 0, bool PerChannel = false)
{
    /// <summary>Ordinary convolutions.</summary>
    public static GhostLayers None { get; } = new();

    /// <summary>Intrinsic channels of so many: <c>ceil((1 - lambda) * outputs)</c>.</summary>
    public int IntrinsicOf(int outputs) => (int)Math.Ceiling(Math.Round((1 - Ratio) * outputs, 6));

    /// <summary>Reads off a checkpoint what the layer <paramref name="name"/> of <paramref name="outputs"/> channels is.</summary>
    public static GhostLayers Infer(CheckpointWeights weights, string name, int outputs) =>
        weights.ShapeOf(name + ".primary_conv.weight") is [int intrinsic and > 0, ..] && intrinsic < outputs
            ? new GhostLayers(1 - ((double)intrinsic / outputs), weights.ShapeOf(name + ".shift") is [> 1, ..]) : None;

    /// <summary>
    /// A 3x3 convolution with padding 1 and bias: <c>name.weight</c>; or <c>name.primary_conv.weight</c> and <c>name.shift</c>, a kernel
    /// for each ghost or one for all, whose largest value stands at the offset.
    /// </summary>
    public string Conv3x3(NetworkBuilder builder, string name, string input, int from, int to)
    {
        int intrinsic = IntrinsicOf(to), ghosts = to - intrinsic;
        if (ghosts == 0) return builder.Conv3x3(name, input, from, to, bias: true);
        string made = builder.Conv3x3(name + ".primary_conv", input, from, intrinsic, bias: true);
        (int[] rows, int[] columns) = OffsetsOf(builder.Weight(name + ".shift", PerChannel ? ghosts : 1, 1, 3, 3));
        string chosen = ghosts == intrinsic ? made
            : builder.Append(name + ".chosen", new SelectChannels(Enumerable.Range(0, ghosts).Select(g => g % intrinsic).ToEquatableArray()), made);
        return builder.Append(name, new Concat(), made, builder.Append(name + ".ghosts", new Shift(rows.ToEquatableArray(), columns.ToEquatableArray()), chosen));
    }

    // A depthwise convolution with a single one at (i, j) of its kernel reads (i - 1, j - 1) off the pixel.
    private static (int[] Rows, int[] Columns) OffsetsOf(FloatTensor kernels)
    {
        int[] places = [.. Enumerable.Range(0, kernels.Shape[0]).Select(k => Enumerable.Range(0, 9).MaxBy(p => kernels.Values[(k * 9) + p]))];
        return ([.. places.Select(p => (p / 3) - 1)], [.. places.Select(p => (p % 3) - 1)]);
    }
}
