using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission.Steps;

/// <summary>
/// A gate: the session's members that choose a branch and tell which. Memory that branches share is cleared when another branch than the
/// last comes to use it, because each relies on the zeros around its own planes.
/// </summary>
internal sealed class GateCode(Plan plan, GateStep step, int index) : StepCode(plan, index)
{
    // The only gate of a network needs no name.
    private string Prefix => Plan.Steps.OfType<GateStep>().Count() == 1 ? "" : Literal.Identifier(step.Name, upper: true);

    internal void EmitFields(CodeWriter writer)
    {
        writer.Line(FormattableString.Invariant($"private readonly byte* Branches{Index};"));
        writer.Line(FormattableString.Invariant($"private readonly long Branches{Index}Bytes;"));
        writer.Line(FormattableString.Invariant($"private int _entered{Index} = -1;"));
    }

    internal void EmitConstruction(CodeWriter writer) =>
        writer.Line(FormattableString.Invariant($"Branches{Index} = _arena.Pointer + branches{Index};\nBranches{Index}Bytes = end{Index} - branches{Index};"));

    internal void EmitMembers(CodeWriter writer)
    {
        string names = string.Join(", ", step.Branches.Select(b => Literal.String(b.Name)));
        writer.Line();
        writer.Line($"/// <summary>Names of the branches of {Literal.Xml(step.Name)}, in the order of their scores.</summary>");
        writer.Line($"public static System.Collections.Generic.IReadOnlyList<string> {Prefix}Branches {{ get; }} = [{names}];");
        writer.Line();
        writer.Line($"/// <summary>Index of the branch that the last run took; -1 before the first.</summary>");
        writer.Line($"public int {Prefix}Choice {{ get; private set; }} = -1;");
        writer.Line();
        using (writer.Block(FormattableString.Invariant($"private int Choose{Index}(int part)")))
        {
            writer.Line(FormattableString.Invariant($"int choice = Scores.IndexOfLargest(Floats{step.Scores.Slot} + ({step.Scores.Channel}L * Geometry{step.Level}.FloatStride), Geometry{step.Level}.FloatStride, {step.Branches.Count});"));
            using (writer.Block(FormattableString.Invariant($"if (choice != _entered{Index})")))
            {
                writer.Line(FormattableString.Invariant($"Share.Clear(Branches{Index}, Branches{Index}Bytes, part, Threads);"));
                writer.Line("Synchronize();");
                writer.Line(FormattableString.Invariant($"if (part == 0) _entered{Index} = choice;"));
            }

            writer.Line($"if (part == 0) {Prefix}Choice = choice;");
            writer.Line("return choice;");
        }
    }

    internal override string Call(KernelFile file) => throw new InvalidOperationException("A gate is written with its branches.");
}
