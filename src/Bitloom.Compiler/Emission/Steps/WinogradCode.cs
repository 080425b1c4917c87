using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission.Steps;

/// <summary>A convolution by Winograd's method.</summary>
internal sealed class WinogradCode(Plan plan, WinogradStep step, int index) : StepCode(plan, index)
{
    private string _kernel = "";

    internal override void Declare(SessionFields fields, EmittedWeights weights)
    {
        EquatableArray<int> shape = step.Convolution.Weight.Shape;
        string packed = weights.Add(FormattableString.Invariant($"Step{Index}Kernel"), $"{step.Name}: {step.Convolution.Weight}.", step.Convolution.Weight);
        _kernel = fields.Add("float*", FormattableString.Invariant($"Kernel{Index}"), FormattableString.Invariant($"_weights.Winograd({packed}, {shape[0]}, {shape[1]}, {ConvTileEmitter.TileOutputs})"));
    }

    internal override string Call(KernelFile file) =>
        FormattableString.Invariant($"{WinogradEmitter.Emit(file, step)}(s.{_kernel}, {PointerTo(step.Source)}, {PointerTo(step.Target)}, s.Geometry{step.Level}, scratch, part, s.Threads);");
}
