using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>The families of steps.</summary>
internal enum StepKind
{
    LoadInput,
    Flat,
    Row,
    Gate,
    StoreOutput,
}

/// <summary>A step over tensors, before slots are known.</summary>
internal sealed class StepDraft(string name, StepKind kind)
{
    /// <summary>The tensor made, or stored.</summary>
    internal string Result { get; set; } = name;

    internal StepKind Kind { get; } = kind;

    /// <summary>The node that needed the step; null for inputs and outputs.</summary>
    internal Node? Start { get; init; }

    /// <summary>The branch of a gate that the step belongs to, or null where it always runs.</summary>
    internal Branch? Branch { get; init; }

    /// <summary>The tensor that the epilogue ends with: the result, or what is shuffled into it.</summary>
    internal string Computed => Shuffle?.Inputs[0] ?? Result;

    /// <summary>A pixel shuffle through which the result is stored, or null.</summary>
    internal Node? Shuffle { get; set; }

    /// <summary>Name of the output towards the caller.</summary>
    internal string OutputName { get; init; } = "";

    /// <summary>Tensor that the kernel's source reads.</summary>
    internal string SourceTensor { get; set; } = "";

    /// <summary>Channels of it, for a source that reads planes.</summary>
    internal EquatableArray<int> SourceChannels { get; set; }

    /// <summary>Offsets at which they are read; none where all are zero.</summary>
    internal EquatableArray<PixelOffset> SourceOffsets { get; set; }

    /// <summary>First channel of the result that the step writes.</summary>
    internal int ChannelOffset { get; init; }

    /// <summary>Elementwise nodes of the epilogue, each with the input that the running value takes.</summary>
    internal List<(Node Node, int Position)> Operations { get; } = [];

    /// <summary>Sign nodes of the result, each with the affine before it.</summary>
    internal List<(Node Sign, Affine? Before)> Signs { get; } = [];

    internal List<string> Covers { get; } = [];

    /// <summary>The kernel, where the start is an fp32 convolution.</summary>
    internal ConvKernel ConvKernel { get; set; }

    /// <summary>Inputs that a convolution packs from the caller's memory; null where it reads <see cref="SourceTensor"/>.</summary>
    internal PackedInputs? PackedInputs { get; set; }

    internal bool StoresFloats { get; set; } = true;
}
