using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Finds the steps of each branch of a gate and the memory that only they use.</summary>
internal static class GateAssembler
{
    /// <summary>The steps, with every gate completed.</summary>
    /// <param name="steps">Steps in order; gates know their scores only.</param>
    /// <param name="drafts">The drafts that the steps were made of, one each.</param>
    internal static Step[] Complete(Step[] steps, IReadOnlyList<StepDraft> drafts)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] is not GateStep gate) continue;
            var operation = (Gate)drafts[i].Start!.Operator;
            steps[i] = gate with { Branches = operation.Branches.Select((name, index) => BranchOf(name, new Branch(gate.Name, index, drafts[i].Branch), steps, drafts)).ToEquatableArray() };
        }

        return steps;
    }

    private static GateBranch BranchOf(string name, Branch branch, Step[] steps, IReadOnlyList<StepDraft> drafts)
    {
        int[] own = [.. Enumerable.Range(0, steps.Length).Where(i => drafts[i].Branch?.Path.Contains(branch) == true)];
        IEnumerable<int> Slots(IEnumerable<int> indices) => indices.SelectMany(i => steps[i].Reads.Concat(steps[i].Writes)).Distinct();
        var outside = new HashSet<int>(Slots(Enumerable.Range(0, steps.Length).Except(own)));
        return new GateBranch(name, new StepRange(own[0], own.Length), Slots(own).Where(s => !outside.Contains(s)).OrderBy(s => s).ToEquatableArray());
    }
}
