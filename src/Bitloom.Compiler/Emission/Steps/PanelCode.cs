using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission.Steps;

/// <summary>A convolution over panels.</summary>
internal sealed class PanelCode(Plan plan, FlatStep step, PanelSource source, int index) : FlatCode(plan, step, index)
{
    private string _kernel = "", _constants = "";

    internal override int? SharedBlocks => null;

    internal override int? MaskedLevel => null;

    internal override string? ScratchBytes =>
        FormattableString.Invariant($"PanelShare.ScratchBytes(Geometry{Step.Level}, {source.Layout.MostPixels}, {source.SliceTerms}, {PanelConvEmitter.SumRows(source, Pixels)})");

    // Lanes are output channels only where the size is fixed.
    private int Pixels => Plan.Levels[Step.Level] is { Height: ConstantExtent height, Width: ConstantExtent width } ? height.Value * width.Value : 0;

    internal override void Declare(SessionFields fields, EmittedWeights weights)
    {
        FloatTensor weight = source.Operator.Weight;
        string packed = weights.Add(FormattableString.Invariant($"Step{Index}Kernel"), $"{Step.Name}: {weight}.", weight);
        string Tile(Func<int, int> of) => FormattableString.Invariant($"vectorWidth == VectorWidth.Bits512 ? {of(512)} : {of(256)}");
        _kernel = fields.Add(
            "float*", FormattableString.Invariant($"Kernel{Index}"),
            source.Layout.Lanes == PanelLanes.Pixels
                ? FormattableString.Invariant($"_weights.Convolution({packed}, {weight.Shape[0]}, {source.Operator.MacsPerOutput}, {source.Operator.Groups}, {Tile(PanelConvEmitter.TileOutputs)})")
                : FormattableString.Invariant($"_weights.ConvolutionInLanes({packed}, {weight.Shape[0]}, {source.Operator.MacsPerOutput}, {Tile(w => PanelConvEmitter.TileVectors(w, Pixels))}, {source.SliceTerms})"));
        _constants = fields.Add("float*", FormattableString.Invariant($"Constants{Index}"), Constants(weights));
    }

    internal override string Call(KernelFile file)
    {
        string[] operands = [.. Step.Epilogue.Operands.Select(o => PointerTo(new Place(o.Slot, 0)))];
        (string[] read, int from) = source switch
        {
            PackedPanelSource { Inputs: var packed } => (packed.Inputs.Select(i => FormattableString.Invariant($"s.Input{i.Input}")).ToArray(), packed.Level),
            PlanePanelSource planes => ([PointerTo(planes.Floats)], planes.FromLevel),
            _ => throw new InvalidOperationException($"{source.GetType().Name} has no code."),
        };
        string[] arguments =
        [
            "s." + _kernel, "s." + _constants, .. read, FormattableString.Invariant($"s.Geometry{from}"), FormattableString.Invariant($"s.Geometry{Step.Level}"),
            .. operands, PointerTo(Step.Epilogue.FloatStore!.Target), "scratch", "part", "s.Threads",
        ];
        return $"{PanelConvEmitter.Emit(file, Step, source, Pixels, ShortRow)}({string.Join(", ", arguments)});";
    }

    private protected override (string Kernel, string[] Source) Kernel(KernelFile file) => throw new NotSupportedException("A convolution over panels does not run depth first.");
}
