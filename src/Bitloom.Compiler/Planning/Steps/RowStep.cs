using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>A rearrangement from one geometry to another, by rows of the target.</summary>
/// <param name="Name">The node whose result the step makes.</param>
/// <param name="Call">Which.</param>
/// <param name="Channels">Channels of the target.</param>
/// <param name="Source">Place read.</param>
/// <param name="FromLevel">Level of the source.</param>
/// <param name="Target">Place written.</param>
/// <param name="ToLevel">Level of the target.</param>
public sealed record RowStep(string Name, RowCall Call, int Channels, Place Source, int FromLevel, Place Target, int ToLevel) : Step(Name, [Name], Call.Reason)
{
    /// <inheritdoc/>
    public override string Kernel => Call.Title;

    /// <inheritdoc/>
    public override IEnumerable<int> Reads => [Source.Slot];

    /// <inheritdoc/>
    public override IEnumerable<int> Writes => [Target.Slot];
}

/// <summary>A method of the runtime's row kernels, as emitted code calls it.</summary>
/// <param name="Method">Its name, with its class.</param>
/// <param name="Title">In a few words, for people.</param>
/// <param name="Parameters">C# of the arguments after the geometries and the number of channels.</param>
/// <param name="ScratchRows">Rows of the target that it needs as scratch memory; 0 where it takes none.</param>
/// <param name="Reason">Why there is a step for it.</param>
public sealed record RowCall(string Method, string Title, EquatableArray<string> Parameters, int ScratchRows, string Reason);

/// <summary>The row kernel of every operator that has one.</summary>
internal static class RowCalls
{
    /// <summary>How an operator is called, or null where it is no row kernel.</summary>
    internal static RowCall? Of(Operator @operator) => @operator switch
    {
        ResizeNearest resize => new("RowKernels.ResizeNearest", "resize nearest", Integers(resize.Factor), 0, "no pixel shuffle before the sum that reads it could take its place"),
        ResizeBilinear resize => new("RowKernels.ResizeBilinear", "resize bilinear", Integers(resize.Factor), 2, "each source row is stretched once, rows are mixed as vectors"),
        PixelShuffle shuffle => new("RowKernels.PixelShuffle", "pixel shuffle", Integers(shuffle.Factor), 0, "its pixels lie in another geometry than the kernel that makes them"),
        Subsample sample => new("RowKernels.Subsample", "subsample", Integers(sample.OffsetY, sample.OffsetX, sample.StrideY, sample.StrideX), 0, "the convolution before it computes every pixel"),
        AveragePool pool => AveragePool(pool),
        Pad pad => Border("Pad", "pad", pad.Top, pad.Left, pad.Mode),
        PadToMultiple pad => Border("Pad", "pad", 0, 0, pad.Mode),
        Crop crop => Border("Crop", "crop", crop.Top, crop.Left),
        CropLike => Border("Crop", "crop", 0, 0),
        _ => null,
    };

    private static RowCall Border(string method, string title, int top, int left, PadMode? mode = null) => new(
        "BorderKernels." + method, title, mode is null ? Integers(top, left) : [.. Integers(top, left), mode == PadMode.Reflect ? "true" : "false"], 0,
        "rows of the two sizes lie at different distances");

    private static RowCall AveragePool(AveragePool pool)
    {
        const string reason = "its pixels lie in another geometry than what it reads";
        Window w = pool.Window;
        return pool.Kernel == (2, 2) && w == new Window(2, 2)
            ? new RowCall("PoolingKernels.AverageHalf", "average pooling", [], 0, reason)
            : new RowCall(
                "PoolingKernels.Average", "average pooling",
                [.. Integers(pool.Kernel.Rows, pool.Kernel.Columns, w.StrideY, w.StrideX, w.PadTop, w.PadLeft, w.DilationY, w.DilationX), pool.CountsPadding ? "true" : "false"], 0, reason);
    }

    private static EquatableArray<string> Integers(params int[] values) =>
        values.Select(v => v.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToEquatableArray();
}
