namespace Bitloom.Runtime.Kernels;

/// <summary>What one output channel of a binary convolution adds to what its quartet counts (<see cref="BinaryLayer.Quartets"/>).</summary>
public unsafe struct ExceptionList
{
    /// <summary>Taps of a round.</summary>
    public const int RoundTaps = 8;

    /// <summary>Offsets of signs in 64-bit words: <see cref="Rounds"/> times <see cref="RoundTaps"/>, then as many for <see cref="ComplementRounds"/>.</summary>
    public ushort* Taps;

    /// <summary>Rounds of signs that are added as they are.</summary>
    public int Rounds;

    /// <summary>Rounds of signs that are added complemented.</summary>
    public int ComplementRounds;

    /// <summary>What the number of agreements is more than the count, modulo the count's range.</summary>
    public int Offset;
}
