using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission.Steps;

/// <summary>A kernel over runs of pixels; subclasses say what its source needs.</summary>
internal abstract class FlatCode(Plan plan, FlatStep step, int index) : StepCode(plan, index)
{
    private const int MostUnrolled = 64;

    internal static FlatCode Of(Plan plan, FlatStep step, int index) => step.Source switch
    {
        BinaryConvSource source => new BinaryConvCode(plan, step, source, index),
        WinogradSource source => new WinogradCode(plan, step, source, index),
        WinogradPatchSource source => new WinogradPatchCode(plan, step, source, index),
        PanelSource source => new PanelCode(plan, step, source, index),
        DepthwiseSource source => new DepthwiseCode(plan, step, source, index),
        ConvSource source => new ConvCode(plan, step, source, index),
        LayerNormSource source => new LayerNormCode(plan, step, source, index),
        PlaneSource source => new PlaneCode(plan, step, source, index),
        _ => throw new InvalidOperationException($"{step.Source.GetType().Name} has no code."),
    };

    /// <summary>The step.</summary>
    private protected FlatStep Step { get; } = step;

    internal override int? SharedBlocks => Step.Level;

    internal override int? MaskedLevel => EpilogueEmitter.NeedsMask(Step.Epilogue) ? Step.Level : null;

    /// <summary>Columns of the image where they are known and so few that a row needs no loop; else null.</summary>
    private protected int? ShortRow => Plan.Levels[Step.Level].Width is ConstantExtent { Value: <= MostUnrolled and var columns } ? columns : null;

    /// <summary>Writes the kernel; its name, and the arguments before the geometry.</summary>
    private protected abstract (string Kernel, string[] Source) Kernel(KernelFile file);

    /// <summary>C# of a pointer to the constants of the epilogue, expanded when the session is made; null where it has none.</summary>
    private protected string Constants(EmittedWeights weights) => Constants(weights, Step.Epilogue.Constants, Step.Channels);

    internal override string Call(KernelFile file) => Call(file, FormattableString.Invariant($"first{Step.Level}"), FormattableString.Invariant($"end{Step.Level}"));

    internal override string CallInWavefront(KernelFile file, string wave) => Call(file, "first", "end");

    /// <summary>As <see cref="Call(KernelFile)"/>, over blocks between two C# expressions.</summary>
    private protected string Call(KernelFile file, string first, string end)
    {
        (string kernel, string[] source) = Kernel(file);
        Epilogue epilogue = Step.Epilogue;
        var arguments = new List<string>(source) { FormattableString.Invariant($"s.Geometry{Step.Level}") };
        arguments.AddRange(epilogue.Operands.Select(o => PointerTo(new Place(o.Slot, 0))));
        if (epilogue.FloatStore is { } store) arguments.Add(PointerTo(store.Target));
        arguments.AddRange(epilogue.SignStores.Select(s => PointerTo(s.Target)));
        if (EpilogueEmitter.NeedsMask(epilogue)) arguments.Add(FormattableString.Invariant($"s.Mask{Step.Level}"));
        if (epilogue.Shuffle is { } shuffle)
        {
            arguments.Add(FormattableString.Invariant($"s.Geometry{shuffle.Level}"));
            if (shuffle.Sign is { } sign) arguments.Add(PointerTo(sign.Target));
        }

        return $"{kernel}({string.Join(", ", arguments)}, scratch, {first}, {end});";
    }
}

/// <summary>A binary convolution.</summary>
internal sealed class BinaryConvCode(Plan plan, FlatStep step, BinaryConvSource source, int index) : FlatCode(plan, step, index)
{
    private string _layer = "";

    internal override int? MaskedLevel => source.Method == BinaryMethod.Lookup ? Step.Level : base.MaskedLevel;

    internal override string? ScratchBytes => source.Method == BinaryMethod.Lookup ? SignLookupEmitter.ScratchBytes(Step) : null;

    internal override void Declare(SessionFields fields, EmittedWeights weights)
    {
        EquatableArray<int> kernel = source.Operator.Weight.Shape;
        string packed = weights.Add(FormattableString.Invariant($"Step{Index}Signs"), $"{Step.Name}: signs of {source.Operator.Weight}, each output from a new 64-bit word.", source.Operator.Weight);
        string constants = Constants(weights), value = source.Method switch
        {
            BinaryMethod.Lookup => FormattableString.Invariant($"BinaryTables({packed}, {kernel[0]}, {kernel[1]}, {kernel[2] * kernel[3]}, {constants})"),
            BinaryMethod.Quartets => FormattableString.Invariant($"BinaryQuartets({packed}, {kernel[0]}, {kernel[1]}, {Borders(fields, kernel)}, {constants}, {ListLength(source.Choice.Quartets!)}, {QuartetGroups})"),
            _ => FormattableString.Invariant($"BinaryCarries({packed}, {kernel[0]}, {kernel[1]}, {Borders(fields, kernel)}, {constants})"),
        };
        _layer = fields.Add("BinaryLayer", FormattableString.Invariant($"Layer{Index}"), "_weights." + value);
    }

    private static string ListLength(QuartetLayout layout) => layout.Wide == layout.Shortest
        ? FormattableString.Invariant($"{layout.Wide}") : FormattableString.Invariant($"vectorWidth == VectorWidth.Bits512 ? {layout.Wide} : {layout.Shortest}");

    // Output channels change places within a group; a pixel shuffle needs them in their order.
    private int QuartetGroups => Step.Epilogue.Shuffle is null ? source.Operator.Groups : Step.Channels / QuartetCountEmitter.Channels;

    private string Borders(SessionFields fields, EquatableArray<int> kernel)
    {
        if (kernel[2] * kernel[3] == 1) return "null";
        Operators.Window w = source.Operator.Window;
        return fields.Add(
            "BorderPatches", FormattableString.Invariant($"Borders{Index}"),
            FormattableString.Invariant($"_weights.Borders(Geometry{Step.Level}, {kernel[2]}, {kernel[3]}, {w.PadTop}, {w.PadLeft}, {w.DilationY}, {w.DilationX})"));
    }

    private protected override (string Kernel, string[] Source) Kernel(KernelFile file)
    {
        string[] arguments = ["in s." + _layer, PointerTo(source.Signs), .. source.Method == BinaryMethod.Lookup ? new[] { FormattableString.Invariant($"s.Mask{Step.Level}") } : []];
        return (BinaryConvEmitter.Emit(file, Step, source), arguments);
    }
}

/// <summary>An fp32 convolution.</summary>
internal sealed class ConvCode(Plan plan, FlatStep step, ConvSource source, int index) : FlatCode(plan, step, index)
{
    private string _kernel = "", _constants = "";

    internal override void Declare(SessionFields fields, EmittedWeights weights)
    {
        FloatTensor weight = source.Operator.Weight;
        string packed = weights.Add(FormattableString.Invariant($"Step{Index}Kernel"), $"{Step.Name}: {weight}.", weight);
        _kernel = fields.Add(
            "float*", FormattableString.Invariant($"Kernel{Index}"),
            FormattableString.Invariant($"_weights.Convolution({packed}, {weight.Shape[0]}, {source.Operator.MacsPerOutput}, {source.Operator.Groups}, {ConvTileEmitter.TileOutputs})"));
        _constants = fields.Add("float*", FormattableString.Invariant($"Constants{Index}"), Constants(weights));
    }

    private protected override (string Kernel, string[] Source) Kernel(KernelFile file) =>
        (ConvEmitter.Emit(file, Step, source), ["s." + _kernel, "s." + _constants, PointerTo(source.Floats)]);
}

/// <summary>A convolution by Winograd's method.</summary>
internal sealed class WinogradCode(Plan plan, FlatStep step, WinogradSource source, int index) : FlatCode(plan, step, index)
{
    private string _kernel = "", _constants = "";

    internal override int? SharedBlocks => null;

    internal override int? SharedRuns => Step.Level;

    internal override void Declare(SessionFields fields, EmittedWeights weights)
    {
        FloatTensor weight = source.Operator.Weight;
        string packed = weights.Add(FormattableString.Invariant($"Step{Index}Kernel"), $"{Step.Name}: {weight}.", weight);
        _kernel = fields.Add("float*", FormattableString.Invariant($"Kernel{Index}"), FormattableString.Invariant($"_weights.Winograd({packed}, {weight.Shape[0]}, {weight.Shape[1]}, {ConvTileEmitter.TileOutputs})"));
        _constants = fields.Add("float*", FormattableString.Invariant($"Constants{Index}"), Constants(weights));
    }

    internal override string Call(KernelFile file) => Call(file, FormattableString.Invariant($"firstRun{Step.Level}"), FormattableString.Invariant($"endRun{Step.Level}"));

    private protected override (string Kernel, string[] Source) Kernel(KernelFile file)
    {
        string kernel = WinogradEmitter.Emit(file, Step, source);
        string[] arguments = ["s." + _kernel, "s." + _constants, PointerTo(source.Floats)];
        return (kernel, source.Operator.Ghosts is null ? arguments : [.. arguments, WinogradEmitter.EmitGhosts(file, source.Operator.Ghosts)]);
    }
}

/// <summary>Elementwise work on planes.</summary>
internal sealed class PlaneCode(Plan plan, FlatStep step, PlaneSource source, int index) : FlatCode(plan, step, index)
{
    private string _constants = "";

    internal override void Declare(SessionFields fields, EmittedWeights weights) =>
        _constants = fields.Add("float*", FormattableString.Invariant($"Constants{Index}"), Constants(weights));

    private protected override (string Kernel, string[] Source) Kernel(KernelFile file) =>
        (PlaneKernelEmitter.Emit(file, Step, source), ["s." + _constants, PointerTo(new Place(source.Operand.Slot, 0))]);
}

/// <summary>Normalisation over the channels of each pixel.</summary>
internal sealed class LayerNormCode(Plan plan, FlatStep step, LayerNormSource source, int index) : FlatCode(plan, step, index)
{
    private string _constants = "";

    internal override void Declare(SessionFields fields, EmittedWeights weights) =>
        _constants = fields.Add("float*", FormattableString.Invariant($"Constants{Index}"), Constants(weights));

    private protected override (string Kernel, string[] Source) Kernel(KernelFile file) =>
        (LayerNormEmitter.Emit(file, Step, source), ["s." + _constants, PointerTo(source.Floats)]);
}
