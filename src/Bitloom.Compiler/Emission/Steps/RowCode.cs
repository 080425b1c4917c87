using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission.Steps;

/// <summary>A row kernel of the runtime.</summary>
internal sealed class RowCode(Plan plan, RowStep step, int index) : StepCode(plan, index)
{
    internal override int? SharedRows => step.ToLevel;

    internal override string? ScratchBytes => step.Call.ScratchRows == 0 ? null
        : FormattableString.Invariant($"{step.Call.ScratchRows}L * sizeof(float) * Geometry{step.ToLevel}.Width");

    internal override string Call(KernelFile file)
    {
        string parameters = string.Concat(step.Call.Parameters.Select(p => p + ", ")) + (step.Call.ScratchRows > 0 ? "(float*)scratch, " : "");
        return FormattableString.Invariant($"{step.Call.Method}({PointerTo(step.Source)}, s.Geometry{step.FromLevel}, {PointerTo(step.Target)}, s.Geometry{step.ToLevel}, {step.Channels}, {parameters}firstRow{step.ToLevel}, endRow{step.ToLevel});");
    }
}
