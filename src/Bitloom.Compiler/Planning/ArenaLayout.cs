namespace Bitloom.Compiler.Planning;

/// <summary>
/// How slots share the arena: those that branches of a gate use alone lie over one another, because one branch runs at a time. So the
/// arena has the size of the largest branch and of what is common.
/// </summary>
public static class ArenaLayout
{
    /// <summary>Slots that no branch has to itself, in order.</summary>
    public static IEnumerable<Slot> CommonSlots(Plan plan) => plan.Slots.Where(s => !Gates(plan).Any(g => g.Branches.Any(b => b.Slots.Contains(s.Index))));

    /// <summary>Slots that a branch has to itself and no gate inside it, in order.</summary>
    public static IEnumerable<Slot> SlotsOf(Plan plan, GateBranch branch) =>
        branch.Slots.Select(s => plan.Slots[s]).Where(s => !GatesIn(plan, branch).Any(g => g.Branches.Any(b => b.Slots.Contains(s.Index))));

    /// <summary>Gates that stand in no branch of another.</summary>
    public static IEnumerable<(int Index, GateStep Gate)> OuterGates(Plan plan) => OuterGates(plan, new StepRange(0, plan.Steps.Count));

    /// <summary>Gates within a branch that stand in no branch of another within it.</summary>
    public static IEnumerable<(int Index, GateStep Gate)> OuterGates(Plan plan, StepRange range)
    {
        for (int i = range.First; i < range.First + range.Count; i++)
        {
            if (plan.Steps[i] is not GateStep gate) continue;
            yield return (i, gate);
            i = gate.End - 1;
        }
    }

    /// <summary>Bytes, or another measure, of the arena: everything common and of each gate the largest branch.</summary>
    public static double Measure(Plan plan, Func<Slot, double> size) =>
        CommonSlots(plan).Sum(size) + OuterGates(plan).Sum(g => Largest(plan, g.Gate, size));

    private static double Largest(Plan plan, GateStep gate, Func<Slot, double> size) =>
        gate.Branches.Max(b => SlotsOf(plan, b).Sum(size) + OuterGates(plan, b.Steps).Sum(g => Largest(plan, g.Gate, size)));

    private static IEnumerable<GateStep> Gates(Plan plan) => plan.Steps.OfType<GateStep>();

    private static IEnumerable<GateStep> GatesIn(Plan plan, GateBranch branch) => plan.Steps.Skip(branch.Steps.First).Take(branch.Steps.Count).OfType<GateStep>();
}
