using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission.Steps;

/// <summary>A convolution by Winograd's method in two dimensions.</summary>
internal sealed class WinogradPatchCode(Plan plan, FlatStep step, WinogradPatchSource source, int index) : FlatCode(plan, step, index)
{
    private string _kernel = "", _constants = "";

    internal override int? SharedBlocks => null;

    internal override int? MaskedLevel => null;

    internal override string? ScratchBytes =>
        FormattableString.Invariant($"PatchShare.ScratchBytes(Geometry{Step.Level}, {source.Layout.MostPatches}, {source.Operator.Weight.Shape[1]}, {new[] { 128, 256, 512 }.Max(w => WinogradPatchEmitter.TileVectors(w, source) * w / 32)}, 16, {WinogradPatchEmitter.Phases(Step)}, {source.Layout.SliceInputs ?? 0})");

    internal override void Declare(SessionFields fields, EmittedWeights weights)
    {
        FloatTensor weight = source.Operator.Weight;
        string packed = weights.Add(FormattableString.Invariant($"Step{Index}Kernel"), $"{Step.Name}: {weight}.", weight);
        string vectors = FormattableString.Invariant($"vectorWidth == VectorWidth.Bits512 ? {WinogradPatchEmitter.TileVectors(512, source)} : {WinogradPatchEmitter.TileVectors(256, source)}");
        _kernel = fields.Add("float*", FormattableString.Invariant($"Kernel{Index}"), source.Layout.SliceInputs is null
            ? FormattableString.Invariant($"_weights.WinogradPatches({packed}, {weight.Shape[0]}, {weight.Shape[1]}, {vectors})")
            : FormattableString.Invariant($"_weights.ConvolutionInLanes({packed}, {weight.Shape[0]}, {9 * weight.Shape[1]}, {vectors}, {9 * weight.Shape[1]})"));
        _constants = fields.Add("float*", FormattableString.Invariant($"Constants{Index}"), Constants(weights));
    }

    internal override string Call(KernelFile file)
    {
        string[] arguments =
        [
            "s." + _kernel, "s." + _constants, PointerTo(source.Floats),
            .. source.Operator.Ghosts is { } ghosts ? [WinogradEmitter.EmitGhosts(file, ghosts)] : Array.Empty<string>(),
            FormattableString.Invariant($"s.Geometry{Step.Level}"),
            .. Step.Epilogue.Operands.Select(o => PointerTo(new Place(o.Slot, 0))), PointerTo(Step.Epilogue.FloatStore!.Target),
            .. Step.Epilogue.Shuffle is { } shuffle ? [FormattableString.Invariant($"s.Geometry{shuffle.Level}")] : Array.Empty<string>(),
            "scratch", "part", "s.Threads",
        ];
        int? columns = (ShortRow + 3) / 4 <= source.Layout.MostPatches ? ShortRow : null;
        return $"{WinogradPatchEmitter.Emit(file, Step, source, columns)}({string.Join(", ", arguments)});";
    }

    private protected override (string Kernel, string[] Source) Kernel(KernelFile file) => throw new NotSupportedException("A convolution by Winograd's method in two dimensions does not run depth first.");
}
