using Bitloom.Compiler.Emission;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>
/// A kernel over runs of pixels: a source makes a value for every channel and pixel, an epilogue turns it into what is stored.
/// Source and target have the same geometry, unless the source says otherwise.
/// </summary>
/// <param name="Name">The node whose result the step makes.</param>
/// <param name="Covers">Nodes computed.</param>
/// <param name="Level">The geometry.</param>
/// <param name="Channels">Channels made.</param>
/// <param name="Source">What makes the values.</param>
/// <param name="Epilogue">What becomes of them.</param>
/// <param name="Reason">Why.</param>
public sealed record FlatStep(
    string Name, EquatableArray<string> Covers, int Level, int Channels, FlatSource Source, Epilogue Epilogue, string Reason)
    : Step(Name, Covers, Reason)
{
    /// <inheritdoc/>
    public override string Kernel => Source.Kernel;

    /// <inheritdoc/>
    public override IEnumerable<int> Reads => [.. Source.Slots, .. Epilogue.Operands.Select(o => o.Slot)];

    /// <inheritdoc/>
    public override IEnumerable<int> Writes =>
    [
        .. Epilogue.FloatStore is { } store ? new[] { store.Target.Slot } : [],
        .. Epilogue.SignStores.Select(s => s.Target.Slot),
        .. Epilogue.Shuffle?.Sign is { } sign ? new[] { sign.Target.Slot } : [],
    ];

    internal override IEnumerable<int> ReadsAround =>
        [.. Source.ReadsAround ? Source.Slots : [], .. Epilogue.Operands.Where(o => o.IsShifted).Select(o => o.Slot)];
}

/// <summary>Where the values of a flat step come from.</summary>
public abstract record FlatSource
{
    /// <summary>The kernel in a few words, for people.</summary>
    public abstract string Kernel { get; }

    /// <summary>The slot read; none where it is the caller's memory.</summary>
    public abstract IEnumerable<int> Slots { get; }

    /// <summary>True where a window of fp32 planes is read, so that zeros must stand around the image.</summary>
    internal virtual bool ReadsAround => false;

    private protected static string Convolution(string kind, EquatableArray<int> kernel) => FormattableString.Invariant($"{kind} {kernel[2]}x{kernel[3]}");
}

/// <summary>Sums of a binary convolution over bit planes.</summary>
public sealed record BinaryConvSource(BinaryConv2d Operator, Place Signs) : FlatSource
{
    /// <inheritdoc/>
    public override string Kernel => Convolution("binary convolution", Operator.Weight.Shape);

    /// <summary>How its signs are added: chosen once, for it takes a look at all weights.</summary>
    internal BinaryChoice Choice { get; } = BinaryMethods.Of(Operator);

    /// <summary>The method alone.</summary>
    internal BinaryMethod Method => Choice.Method;

    /// <summary>True where a pixel's sum is also of signs around it.</summary>
    public bool HasWindow => Operator.Weight.Shape[2] * Operator.Weight.Shape[3] > 1;

    /// <inheritdoc/>
    public override IEnumerable<int> Slots => [Signs.Slot];
}

/// <summary>Sums of an fp32 convolution over planes, without the bias, which opens the epilogue.</summary>
public sealed record ConvSource(Conv2d Operator, Place Floats) : FlatSource
{
    /// <inheritdoc/>
    public override string Kernel => Convolution("convolution", Operator.Weight.Shape);

    /// <inheritdoc/>
    public override IEnumerable<int> Slots => [Floats.Slot];

    internal override bool ReadsAround => true;
}

/// <summary>Sums of an fp32 convolution with any window, from pixels packed into panels, without the bias.</summary>
/// <param name="Operator">The convolution.</param>
/// <param name="Layout">How the panels lie.</param>
public abstract record PanelSource(Conv2d Operator, PanelLayout Layout) : FlatSource
{
    /// <inheritdoc/>
    public override string Kernel => Convolution("convolution over panels", Operator.Weight.Shape);

    /// <summary>True where sums are made slice by slice of the input channels.</summary>
    internal bool HasSlices => Layout.MostInputs < Operator.Weight.Shape[1];

    /// <summary>Terms of a slice at most, rows of a panel; all terms where there is one slice.</summary>
    internal long SliceTerms => Operator.MacsPerOutput / Operator.Weight.Shape[1] * Layout.MostInputs;
}

/// <summary>Pixels are packed from planes.</summary>
/// <param name="Operator">The convolution.</param>
/// <param name="Floats">Place read.</param>
/// <param name="FromLevel">Level of what is read.</param>
/// <param name="Layout">How the panels lie.</param>
public sealed record PlanePanelSource(Conv2d Operator, Place Floats, int FromLevel, PanelLayout Layout) : PanelSource(Operator, Layout)
{
    /// <inheritdoc/>
    public override IEnumerable<int> Slots => [Floats.Slot];

    internal override bool ReadsAround => Operator.Weight.Shape[2] * Operator.Weight.Shape[3] > 1 || Operator.Window != new Window(Operator.Window.StrideY, Operator.Window.StrideX);
}

/// <summary>Pixels are packed from the caller's memory.</summary>
/// <param name="Operator">The convolution, 1 x 1.</param>
/// <param name="Inputs">What is read.</param>
/// <param name="Layout">How the panels lie.</param>
public sealed record PackedPanelSource(Conv2d Operator, PackedInputs Inputs, PanelLayout Layout) : PanelSource(Operator, Layout)
{
    /// <inheritdoc/>
    public override IEnumerable<int> Slots => [];
}

/// <summary>Sums of a depthwise convolution, without the bias.</summary>
/// <param name="Operator">The convolution.</param>
/// <param name="Floats">Place read.</param>
/// <param name="FromLevel">Level of what is read.</param>
public sealed record DepthwiseSource(Conv2d Operator, Place Floats, int FromLevel) : FlatSource
{
    /// <inheritdoc/>
    public override string Kernel => Convolution("depthwise convolution", Operator.Weight.Shape);

    /// <inheritdoc/>
    public override IEnumerable<int> Slots => [Floats.Slot];

    internal override bool ReadsAround => true;
}

/// <summary>Values normalised over the channels of each pixel, <c>(x - mean) / sqrt(variance + epsilon)</c>; gamma and beta open the epilogue.</summary>
public sealed record LayerNormSource(LayerNorm Operator, Place Floats) : FlatSource
{
    /// <inheritdoc/>
    public override string Kernel => "layer normalisation";

    /// <inheritdoc/>
    public override IEnumerable<int> Slots => [Floats.Slot];
}

/// <summary>Planes as they are: channel c comes from channel <c>Channels[c]</c> of the slot.</summary>
public sealed record PlaneSource(Operand Operand) : FlatSource
{
    /// <inheritdoc/>
    public override string Kernel => "elementwise";

    /// <inheritdoc/>
    public override IEnumerable<int> Slots => [Operand.Slot];

    internal override bool ReadsAround => Operand.IsShifted;
}

/// <summary>
/// Sums of a 3 x 3 convolution by Winograd's F(4, 3) along columns, four rows at a time. Only image pixels are stored, and what lies
/// outside the image is not read; ghosts are read at their offsets.
/// </summary>
public sealed record WinogradSource(WinogradConv2d Operator, Place Floats) : FlatSource
{
    /// <inheritdoc/>
    public override string Kernel => "convolution 3x3 by Winograd's F(4, 3)";

    /// <inheritdoc/>
    public override IEnumerable<int> Slots => [Floats.Slot];

    internal override bool ReadsAround => Operator.Ghosts is { MostColumns: > 0 };
}

/// <summary>
/// Sums of a 3 x 3 convolution by Winograd's F(4 x 4, 3 x 3), patch by patch. Only image pixels are stored, and what lies outside the image
/// is not read; ghosts are read at their offsets.
/// </summary>
/// <param name="Operator">The convolution.</param>
/// <param name="Floats">Place read.</param>
/// <param name="Layout">Patches and blocks.</param>
public sealed record WinogradPatchSource(WinogradConv2d Operator, Place Floats, PatchLayout Layout) : FlatSource
{
    /// <inheritdoc/>
    public override string Kernel => "convolution 3x3 by Winograd's F(4x4, 3x3)";

    /// <inheritdoc/>
    public override IEnumerable<int> Slots => [Floats.Slot];

    internal override bool ReadsAround => Operator.Ghosts is { MostColumns: > 0 };
}
