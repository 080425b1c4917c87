using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>What the emitted code will do: geometries, buffers and steps in order.</summary>
/// <param name="Source">The graph as the user wrote it.</param>
/// <param name="Lowered">The graph after the passes.</param>
/// <param name="Levels">The geometries that occur, by index.</param>
/// <param name="Slots">Buffers of the arena, by index.</param>
/// <param name="Steps">What runs, one after the other, with a barrier between.</param>
/// <param name="Wavefronts">Steps that run together, chunk by chunk instead of one after the other.</param>
public sealed record Plan(
    NetworkGraph Source,
    NetworkGraph Lowered,
    EquatableArray<Level> Levels,
    EquatableArray<Slot> Slots,
    EquatableArray<Step> Steps,
    EquatableArray<StepRange> Wavefronts);

/// <summary>One spatial size of the network, and how many pixels of zeros its readers need around it.</summary>
public sealed record Level(int Index, Extent Height, Extent Width, int PadY, int PadX)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Height} x {Width}";
}

/// <summary>What a slot holds.</summary>
public enum SlotKind
{
    /// <summary>fp32 planes.</summary>
    Float,

    /// <summary>Bit planes of signs.</summary>
    Sign,
}

/// <summary>A buffer of the arena. Tensors whose lifetimes do not overlap share one.</summary>
public sealed record Slot(int Index, SlotKind Kind, int Level, int Channels)
{
    /// <summary>Its name in emitted code.</summary>
    public string Name => FormattableString.Invariant($"{(Kind == SlotKind.Float ? "Floats" : "Signs")}{Index}");
}

/// <summary>One kernel call. Subtypes say which.</summary>
/// <param name="Name">The node whose result the step makes.</param>
/// <param name="Covers">Nodes of the lowered graph that the step computes, in order.</param>
/// <param name="Reason">Why this kernel and these fusions were chosen.</param>
public abstract record Step(string Name, EquatableArray<string> Covers, string Reason);

/// <summary>Copies the caller's tensor into planes.</summary>
public sealed record LoadInputStep(string Name, int Input, int Channels, int Level, int Target)
    : Step(Name, [], "the caller's memory is dense, planes have margins for padding");

/// <summary>Copies planes into the caller's tensor.</summary>
public sealed record StoreOutputStep(string Name, int Output, int Channels, int Level, int Source)
    : Step(Name, [], "the caller's memory is dense");

/// <summary>The kinds of row-by-row rearrangement.</summary>
public enum RowKernel
{
    /// <summary>Nearest-neighbour up-sampling.</summary>
    ResizeNearest,

    /// <summary>Bilinear up-sampling.</summary>
    ResizeBilinear,

    /// <summary>Channels to space.</summary>
    PixelShuffle,

    /// <summary>A choice of rows and columns.</summary>
    Subsample,
}

/// <summary>A rearrangement from one geometry to another.</summary>
/// <param name="Name">The node whose result the step makes.</param>
/// <param name="Kernel">Which.</param>
/// <param name="Parameters">The factor; or offsets and strides, vertical first.</param>
/// <param name="Channels">Channels of the target.</param>
/// <param name="Source">Slot read.</param>
/// <param name="FromLevel">Level of the source.</param>
/// <param name="Target">Slot written.</param>
/// <param name="ToLevel">Level of the target.</param>
/// <param name="Reason">Why.</param>
public sealed record RowStep(
    string Name, RowKernel Kernel, EquatableArray<int> Parameters, int Channels, int Source, int FromLevel, int Target, int ToLevel, string Reason)
    : Step(Name, [Name], Reason);

/// <summary>Sums of a 3 x 3 convolution by Winograd's F(4, 3) along columns, four rows at a time; what follows is a step of its own.</summary>
public sealed record WinogradStep(string Name, WinogradConv2d Convolution, int Source, int Target, int Level)
    : Step(Name, [Name], "half the multiplications of a direct convolution, and enough channels to pay for the transforms");

/// <summary>
/// A kernel over runs of pixels: a source makes a value for every channel and pixel, an epilogue turns it into what is stored.
/// Source and target have the same geometry.
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
    : Step(Name, Covers, Reason);
