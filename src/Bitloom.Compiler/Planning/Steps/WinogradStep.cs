using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Sums of a 3 x 3 convolution by Winograd's F(4, 3) along columns, four rows at a time; what follows is a step of its own.</summary>
public sealed record WinogradStep(string Name, WinogradConv2d Convolution, Place Source, Place Target, int Level)
    : Step(Name, [Name], "half the multiplications of a direct convolution, and enough channels to pay for the transforms")
{
    /// <inheritdoc/>
    public override string Kernel => "convolution 3x3 by Winograd's F(4, 3)";

    /// <inheritdoc/>
    public override IEnumerable<int> Reads => [Source.Slot];

    /// <inheritdoc/>
    public override IEnumerable<int> Writes => [Target.Slot];

    internal override IEnumerable<int> ReadsAround => [Source.Slot];
}
