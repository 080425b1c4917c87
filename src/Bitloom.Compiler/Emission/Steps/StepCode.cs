using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission.Steps;

/// <summary>What a step adds to each part of the emitted code. One subclass for each kind of step; a new kind adds its own here.</summary>
/// <param name="plan">The plan.</param>
/// <param name="index">The step's place in it.</param>
internal abstract class StepCode(Plan plan, int index)
{
    /// <summary>The plan.</summary>
    protected Plan Plan { get; } = plan;

    /// <summary>The step's place in the plan.</summary>
    internal int Index { get; } = index;

    /// <summary>The code of every step of a plan.</summary>
    internal static IReadOnlyList<StepCode> Of(Plan plan) => [.. plan.Steps.Select((step, index) => Of(plan, step, index))];

    private static StepCode Of(Plan plan, Step step, int index) => step switch
    {
        LoadInputStep load => new LoadInputCode(plan, load, index),
        StoreOutputStep store => new StoreOutputCode(plan, store, index),
        RowStep row => new RowCode(plan, row, index),
        GateStep gate => new GateCode(plan, gate, index),
        FlatStep flat => FlatCode.Of(plan, flat, index),
        _ => throw new InvalidOperationException($"{step.GetType().Name} has no code."),
    };

    /// <summary>The level whose rows the threads share, or null.</summary>
    internal virtual int? SharedRows => null;

    /// <summary>The level whose blocks the threads share, or null.</summary>
    internal virtual int? SharedBlocks => null;

    /// <summary>The level of whose pixels it must know which belong to the image, or null.</summary>
    internal virtual int? MaskedLevel => null;

    /// <summary>The level whose runs of strips the threads share, or null.</summary>
    internal virtual int? SharedRuns => null;

    /// <summary>True where threads share work that is fine enough to follow their speeds.</summary>
    internal bool IsFinelyShared => (SharedRows ?? SharedBlocks ?? SharedRuns) is not null;

    /// <summary>C# of bytes of scratch memory a thread, over geometries; kernels of a file ask the file instead.</summary>
    internal virtual string? ScratchBytes => null;

    /// <summary>Declares weights and the session's fields, and remembers their names.</summary>
    internal virtual void Declare(SessionFields fields, EmittedWeights weights)
    {
    }

    /// <summary>The statement that runs one thread's share, writing the kernel into <paramref name="file"/> where it is not there yet.</summary>
    internal abstract string Call(KernelFile file);

    /// <summary>As <see cref="Call(KernelFile)"/> for a step of a wavefront, on its chunk.</summary>
    /// <param name="file">The file.</param>
    /// <param name="wave">C# of the wavefront, whose blocks are the variables <c>first</c> and <c>end</c>.</param>
    internal virtual string CallInWavefront(KernelFile file, string wave) => throw new NotSupportedException($"{Plan.Steps[Index].Kernel} does not run depth first.");

    /// <summary>The folded tensor that the step finds in a slot, or null.</summary>
    protected FoldedTensor? FoldedAt(int slot) => Plan.Wavefronts.Select(w => w.FoldedAt(slot, Index)).FirstOrDefault(f => f is not null);

    /// <summary>C# of a pointer to constants, for each channel its values one after the other, expanded when the session is made; null where there are none.</summary>
    protected string Constants(EmittedWeights weights, EquatableArray<FloatTensor> constants, int channels)
    {
        if (constants.Count == 0) return "null";
        var values = new float[channels * constants.Count];
        for (int channel = 0; channel < channels; channel++)
            for (int i = 0; i < constants.Count; i++) values[(channel * constants.Count) + i] = constants[i].Values[channel];
        string names = string.Join(", ", constants.Select(c => c.Name));
        return $"_weights.Floats({weights.Add(FormattableString.Invariant($"Step{Index}Constants"), $"{Plan.Steps[Index].Name}: for every channel {names}.", values)})";
    }

    /// <summary>C# of a pointer to the first channel of a place, in a kernel file.</summary>
    protected string PointerTo(Place place)
    {
        Slot slot = Plan.Slots[place.Slot];
        string start = FoldedAt(slot.Index) is { } folded ? FormattableString.Invariant($"s.{slot.Name} - fold{folded.Chunks}") : "s." + slot.Name;
        if (place.Channel == 0) return start;
        string stride = slot.Kind == SlotKind.Float ? "FloatStride" : "BitStride";
        return FormattableString.Invariant($"{start} + ({place.Channel}L * s.Geometry{slot.Level}.{stride})");
    }
}
