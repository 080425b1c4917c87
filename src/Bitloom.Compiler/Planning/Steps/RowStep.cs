using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>A rearrangement from one geometry to another, by rows of the target.</summary>
/// <param name="Name">The node whose result the step makes.</param>
/// <param name="Covers">Nodes computed.</param>
/// <param name="Call">Which.</param>
/// <param name="Channels">Channels of the target.</param>
/// <param name="Source">Place read.</param>
/// <param name="FromLevel">Level of the source.</param>
/// <param name="Target">Place written.</param>
/// <param name="ToLevel">Level of the target.</param>
/// <param name="Signs">Signs of the target that are taken of each channel while it is in cache, or null.</param>
public sealed record RowStep(
    string Name, EquatableArray<string> Covers, RowCall Call, int Channels, Place Source, int FromLevel, Place Target, int ToLevel, RowSigns? Signs)
    : Step(Name, Covers, Signs is null ? Call.Reason : Call.Reason + "; signs for the next layer packed while a channel is in cache")
{
    /// <inheritdoc/>
    public override string Kernel => Call.Title;

    /// <inheritdoc/>
    public override IEnumerable<int> Reads => [Source.Slot];

    /// <inheritdoc/>
    public override IEnumerable<int> Writes => [Target.Slot, .. Signs is null ? [] : Signs.Stores.Select(s => s.Target.Slot)];
}

/// <summary>Signs of planes.</summary>
/// <param name="Stores">Where they go.</param>
/// <param name="Constants">Per-channel thresholds and directions that the stores refer to by index.</param>
public sealed record RowSigns(EquatableArray<SignStore> Stores, EquatableArray<FloatTensor> Constants);

/// <summary>A method of the runtime's row kernels, as emitted code calls it.</summary>
/// <param name="Method">Its name, with its class.</param>
/// <param name="Title">In a few words, for people.</param>
/// <param name="Parameters">C# of the arguments after the geometries and the number of channels.</param>
/// <param name="ScratchRows">Rows of the target that it needs as scratch memory; 0 where it takes none.</param>
/// <param name="Reason">Why there is a step for it.</param>
public sealed record RowCall(string Method, string Title, EquatableArray<string> Parameters, int ScratchRows, string Reason)
{
    /// <summary>True where each channel is made of the one of its number, so that channels may be made one by one.</summary>
    public bool IsByChannel { get; init; } = true;
}

/// <summary>Shifted channels as C#.</summary>
internal static class GhostTable
{
    /// <summary>For every channel its source channel, rows and columns.</summary>
    internal static string Of(ShiftedChannels choice) =>
        $"[{string.Join(", ", choice.Channels.Zip(choice.Offsets, (channel, offset) => FormattableString.Invariant($"{channel}, {offset.Rows}, {offset.Columns}")))}]";
}

/// <summary>The row kernel of every operator that has one.</summary>
internal static class RowCalls
{
    // ResampleKernel.ScratchRows of the runtime.
    private const int ResampleScratchRows = 9;

    /// <summary>How an operator is called, or null where it is no row kernel.</summary>
    internal static RowCall? Of(Operator @operator) => @operator switch
    {
        ResizeNearest resize => new("RowKernels.ResizeNearest", "resize nearest", Integers(resize.Factor), 0, "no pixel shuffle before the sum that reads it could take its place"),
        ResizeBilinear resize => new("RowKernels.ResizeBilinear", "resize bilinear", Integers(resize.Factor), 2, "each source row is stretched once, rows are mixed as vectors"),
        PixelShuffle shuffle => new("RowKernels.PixelShuffle", "pixel shuffle", Integers(shuffle.Factor), 0, "its pixels lie in another geometry than the kernel that makes them") { IsByChannel = false },
        ShiftedChannels choice => new("RowKernels.ShiftChannels", "shift", [GhostTable.Of(choice)], 0, "what reads the ghosts takes them at no offset, or the offset is large") { IsByChannel = false },
        Subsample sample => new("RowKernels.Subsample", "subsample", Integers(sample.OffsetY, sample.OffsetX, sample.StrideY, sample.StrideX), 0, "the convolution before it computes every pixel"),
        AveragePool pool => AveragePool(pool),
        Pad pad => Border("Pad", "pad", pad.Top, pad.Left, pad.Mode),
        PadToMultiple pad => Border("Pad", "pad", 0, 0, pad.Mode),
        Crop crop => Border("Crop", "crop", crop.Top, crop.Left),
        CropLike => Border("Crop", "crop", 0, 0),
        MaxPool pool => Maximum(pool),
        GlobalAveragePool => new("PoolingKernels.GlobalAverage", "global average pool", [], 0, "every pixel of a channel is read once"),
        Softmax => new("ScoreKernels.Softmax", "softmax", [], 0, "every channel of a pixel is needed for each") { IsByChannel = false },
        Resize resize => Resample(resize),
        _ => null,
    };

    /// <summary>As <see cref="Of(Operator)"/>, for an operator that reads <paramref name="channels"/> channels.</summary>
    internal static RowCall? Of(Operator @operator, int channels) => @operator is ArgMax
        ? new("ScoreKernels.ArgMax", "arg max", Integers(channels), 0, "every channel of a pixel is needed") { IsByChannel = false }
        : Of(@operator);

    private static RowCall Border(string method, string title, int top, int left, PadMode? mode = null) => new(
        "BorderKernels." + method, title, mode is null ? Integers(top, left) : [.. Integers(top, left), mode == PadMode.Reflect ? "true" : "false"], 0,
        "rows of the two sizes lie at different distances");

    private static RowCall AveragePool(AveragePool pool)
    {
        const string reason = "its pixels lie in another geometry than what it reads";
        Window w = pool.Window;
        return pool.Kernel == (2, 2) && w == new Window(2, 2)
            ? new RowCall("AveragePoolKernels.AverageHalf", "average pooling", [], 0, reason)
            : new RowCall(
                "AveragePoolKernels.Average", "average pooling",
                [.. Integers(pool.Kernel.Rows, pool.Kernel.Columns, w.StrideY, w.StrideX, w.PadTop, w.PadLeft, w.DilationY, w.DilationX), pool.CountsPadding ? "true" : "false"], 0, reason);
    }

    // The joined row reaches from the first window's first pixel to the last window's last.
    private static RowCall Maximum(MaxPool pool)
    {
        Window w = pool.Window;
        EquatableArray<string> parameters = Integers(pool.Kernel.Rows, pool.Kernel.Columns, w.StrideY, w.StrideX, w.PadTop, w.PadLeft, w.DilationY, w.DilationX);
        return new("PoolingKernels.Maximum", FormattableString.Invariant($"max pool {pool.Kernel.Rows}x{pool.Kernel.Columns}"), parameters, w.StrideX + ((pool.Kernel.Columns - 1) * w.DilationX) + 1, "rows are joined as vectors, then columns");
    }

    private static RowCall Resample(Resize resize)
    {
        int taps = resize.Method switch { ResizeMethod.Nearest => 1, ResizeMethod.Bilinear => 2, _ => 4 };
        int coordinates = resize.Coordinates switch { ResizeCoordinates.HalfPixel => 0, ResizeCoordinates.AlignCorners => 1, _ => 2 };
        string ratio = resize.IsFixed ? "0" : FormattableString.Invariant($"{resize.Divisor}.0 / {resize.Multiplier}");
        EquatableArray<string> parameters = Integers(taps, coordinates).Append(ratio).ToEquatableArray();
        return new("ResampleKernel.Resample", $"resize {resize.Method.ToString().ToLowerInvariant()}", parameters, ResampleScratchRows, "each source row is resampled once, rows are mixed as vectors");
    }

    private static EquatableArray<string> Integers(params int[] values) =>
        values.Select(v => v.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToEquatableArray();
}
