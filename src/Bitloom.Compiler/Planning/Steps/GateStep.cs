namespace Bitloom.Compiler.Planning;

/// <summary>Runs the steps of one of several branches, which follow this one: the branch with the largest score.</summary>
/// <param name="Name">The gate.</param>
/// <param name="Scores">One value a branch.</param>
/// <param name="Level">Level of the scores, one pixel.</param>
/// <param name="Branches">The branches in order.</param>
public sealed record GateStep(string Name, Place Scores, int Level, EquatableArray<GateBranch> Branches)
    : Step(Name, [Name], "one branch runs; the memory of the others is shared with it")
{
    /// <inheritdoc/>
    public override string Kernel => "gate";

    /// <inheritdoc/>
    public override IEnumerable<int> Reads => [Scores.Slot];

    /// <inheritdoc/>
    public override IEnumerable<int> Writes => [];

    /// <summary>Number of the step after all branches.</summary>
    public int End => Branches.Max(b => b.Steps.First + b.Steps.Count);
}

/// <summary>One branch of a gate.</summary>
/// <param name="Name">Its name, e.g. a resolution.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="Slots">Slots that no step outside uses.</param>
public sealed record GateBranch(string Name, StepRange Steps, EquatableArray<int> Slots);
