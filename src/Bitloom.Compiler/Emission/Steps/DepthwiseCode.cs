using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission.Steps;

/// <summary>A depthwise convolution.</summary>
internal sealed class DepthwiseCode(Plan plan, FlatStep step, DepthwiseSource source, int index) : FlatCode(plan, step, index)
{
    private string _kernel = "", _constants = "";

    internal override int? SharedBlocks => null;

    internal override int? MaskedLevel => null;

    internal override void Declare(SessionFields fields, EmittedWeights weights)
    {
        FloatTensor weight = source.Operator.Weight;
        string packed = weights.Add(FormattableString.Invariant($"Step{Index}Kernel"), $"{Step.Name}: {weight}.", weight);
        _kernel = fields.Add("float*", FormattableString.Invariant($"Kernel{Index}"), $"_weights.Floats({packed})");
        _constants = fields.Add("float*", FormattableString.Invariant($"Constants{Index}"), Constants(weights));
    }

    internal override string Call(KernelFile file)
    {
        string[] arguments =
        [
            "s." + _kernel, "s." + _constants, PointerTo(source.Floats), FormattableString.Invariant($"s.Geometry{source.FromLevel}"), FormattableString.Invariant($"s.Geometry{Step.Level}"),
            .. Step.Epilogue.Operands.Select(o => PointerTo(new Place(o.Slot, 0))), PointerTo(Step.Epilogue.FloatStore!.Target), "part", "s.Threads",
        ];
        return $"{DepthwiseConvEmitter.Emit(file, Step, source)}({string.Join(", ", arguments)});";
    }

    private protected override (string Kernel, string[] Source) Kernel(KernelFile file) => throw new NotSupportedException("A depthwise convolution does not run depth first.");
}
