using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>The header of every emitted file: which network, from which descriptor, by which compiler, and how large it is.</summary>
internal static class Provenance
{
    internal static IEnumerable<string> Lines(Plan plan, string descriptorHash)
    {
        PlanTotals totals = PlanTotals.Of(plan);
        yield return FormattableString.Invariant($"{plan.Source.Name}, compiled by Bitloom {typeof(Provenance).Assembly.GetName().Version?.ToString(3)} from descriptor {descriptorHash}");
        if (plan.Source.Description.Length > 0) yield return Literal.Xml(plan.Source.Description);
        yield return FormattableString.Invariant($"{totals.Parameters.Binary} one-bit and {totals.Parameters.Float} fp32 parameters; a pixel of the first input costs {totals.BinaryMacsPerPixel:0.#} binary and {totals.FloatMacsPerPixel:0.#} fp32 multiply-accumulates");
        yield return FormattableString.Invariant($"and {totals.ArenaBytesPerPixel:0.#} bytes of arena.");
    }
}
