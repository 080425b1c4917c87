namespace Bitloom.Compiler.Graph;

/// <summary>
/// Binary convolution weights, one bit each: 1 for +1, 0 for -1. An output channel's bits follow one another in the order
/// input channel, kernel row, kernel column, from the least significant bit of its first word; every output channel starts a
/// new 64-bit word and the bits after its last weight are 0.
/// </summary>
/// <param name="Name">Name in the descriptor's weights, unique in a graph.</param>
/// <param name="Shape">Output channels, input channels a group, kernel height, kernel width.</param>
/// <param name="Words">Output channels x <see cref="WordsPerOutput"/> words.</param>
public sealed record BitTensor(string Name, EquatableArray<int> Shape, EquatableArray<ulong> Words)
{
    /// <summary>Weights of one output channel.</summary>
    public int BitsPerOutput => Shape[1] * Shape[2] * Shape[3];

    /// <summary>64-bit words of one output channel.</summary>
    public int WordsPerOutput => (BitsPerOutput + 63) / 64;

    /// <summary>True for +1.</summary>
    public bool this[int output, int index] => ((Words[(output * WordsPerOutput) + (index >> 6)] >> (index & 63)) & 1) != 0;

    /// <summary>Packs the signs of real weights; sign(0) = +1.</summary>
    public static BitTensor FromSigns(string name, EquatableArray<int> shape, ReadOnlySpan<float> values)
    {
        int perOutput = shape[1] * shape[2] * shape[3], words = (perOutput + 63) / 64;
        var packed = new ulong[shape[0] * words];
        for (int output = 0; output < shape[0]; output++)
            for (int index = 0; index < perOutput; index++)
                if (values[(output * perOutput) + index] >= 0) packed[(output * words) + (index >> 6)] |= 1UL << (index & 63);
        return new BitTensor(name, shape, EquatableArray.Adopt(packed));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Shape} bits";
}
