namespace Bitloom.Parity.Tests.RandomGraphs;

/// <summary>Which operators a random graph draws from.</summary>
internal enum GraphKind
{
    /// <summary>Binary units, elementwise operators and rearrangements: every engine must give the same bits.</summary>
    Binary,

    /// <summary>All of BBCU, with fp32 convolutions and batch normalisation.</summary>
    Mixed,
}
