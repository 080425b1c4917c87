using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission.Steps;

/// <summary>The caller's tensor into planes.</summary>
internal sealed class LoadInputCode(Plan plan, LoadInputStep step, int index) : StepCode(plan, index)
{
    internal override int? SharedRows => step.Level;

    internal override string Call(KernelFile file) =>
        FormattableString.Invariant($"RowKernels.Load(s.Input{step.Input}, {PointerTo(step.Target)}, s.Geometry{step.Level}, {step.Channels}, firstRow{step.Level}, endRow{step.Level});");
}

/// <summary>Planes into the caller's tensor.</summary>
internal sealed class StoreOutputCode(Plan plan, StoreOutputStep step, int index) : StepCode(plan, index)
{
    internal override int? SharedRows => step.Level;

    internal override string Call(KernelFile file) =>
        FormattableString.Invariant($"RowKernels.Store({PointerTo(step.Source)}, s.Geometry{step.SourceLevel}, s.Output{step.Output}, s.Geometry{step.Level}, {step.Channels}, firstRow{step.Level}, endRow{step.Level});");
}
