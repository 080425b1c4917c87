using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission.Steps;

/// <summary>A row kernel of the runtime, and the signs of what it makes.</summary>
internal sealed class RowCode(Plan plan, RowStep step, int index) : StepCode(plan, index)
{
    private string _constants = "";

    internal override int? SharedRows => step.ToLevel;

    internal override string? ScratchBytes => step.Call.ScratchRows == 0 ? null
        : FormattableString.Invariant($"{step.Call.ScratchRows}L * sizeof(float) * Geometry{step.ToLevel}.Width");

    internal override void Declare(SessionFields fields, EmittedWeights weights)
    {
        if (step.Signs is { } signs) _constants = fields.Add("float*", FormattableString.Invariant($"Constants{Index}"), Constants(weights, signs.Constants, step.Channels));
    }

    internal override string Call(KernelFile file) => Call(file, FormattableString.Invariant($"firstRow{step.ToLevel}, endRow{step.ToLevel}"));

    internal override string CallInWavefront(KernelFile file, string wave) =>
        Call(file, FormattableString.Invariant($"{wave}.FirstRow({FoldedAt(step.Target.Slot)?.Chunks ?? 0}), {wave}.EndRow"));

    private string Call(KernelFile file, string rows)
    {
        string level = FormattableString.Invariant($"s.Geometry{step.ToLevel}");
        string planes = FormattableString.Invariant($"{PointerTo(step.Source)}, s.Geometry{step.FromLevel}, {PointerTo(step.Target)}, {level}");
        if (step.Signs is not { } signs) return FormattableString.Invariant($"{step.Call.Method}({planes}, {step.Channels}, {Parameters}{rows});");
        string targets = string.Concat(signs.Stores.Select(s => ", " + PointerTo(s.Target)));
        return $"{RowSignEmitter.Emit(file, step, signs, Parameters)}(s.{_constants}, {planes}{targets}, scratch, {rows});";
    }

    private string Parameters => string.Concat(step.Call.Parameters.Select(p => p + ", ")) + (step.Call.ScratchRows > 0 ? "(float*)scratch, " : "");
}
