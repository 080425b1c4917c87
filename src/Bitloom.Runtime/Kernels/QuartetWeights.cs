namespace Bitloom.Runtime.Kernels;

/// <summary>Turns one-bit weights into the lists of the kernel that counts four output channels at once (<see cref="SignQuartet"/>).</summary>
internal static unsafe class QuartetWeights
{
    /// <summary>Writes the lists of a layer.</summary>
    /// <param name="packed">Output channels x whole 64-bit little-endian words; bit 1 is +1.</param>
    /// <param name="outputs">Output channels, a multiple of 4.</param>
    /// <param name="taps">Weights of one output channel, up to 8000.</param>
    /// <param name="length">Taps of a list.</param>
    /// <param name="groups">Groups, within which output channels change places.</param>
    /// <param name="vectorWords">64-bit words of a vector.</param>
    /// <param name="allocate">Allocates bytes that live as long as the layer.</param>
    /// <param name="layer">Gets <see cref="BinaryLayer.Order"/>, <see cref="BinaryLayer.Quartets"/> and <see cref="BinaryLayer.Exceptions"/>.</param>
    internal static void Expand(byte[] packed, int outputs, int taps, int length, int groups, int vectorWords, Func<long, IntPtr> allocate, ref BinaryLayer layer)
    {
        int[] order = QuartetChoice.Order(packed, outputs, groups, taps, length);
        layer.Order = (ushort*)allocate((outputs + 1L) * sizeof(ushort));
        for (int position = 0; position <= outputs; position++) layer.Order[position] = (ushort)order[Math.Min(position, outputs - 1)];
        layer.Quartets = (ushort*)allocate((long)outputs / SignQuartet.Channels * 2 * SignQuartet.Classes * length * sizeof(ushort));
        layer.Exceptions = (ExceptionList*)allocate((long)outputs * sizeof(ExceptionList));
        ushort* next = layer.Quartets;
        for (int first = 0; first < outputs; first += SignQuartet.Channels)
        {
            var quartet = new SignQuartet(taps, length, (channel, tap) => BinaryWeights.IsPositive(packed, order[first + channel], taps, tap));
            for (int signClass = 0; signClass < SignQuartet.Classes; signClass++)
                foreach (bool complemented in new[] { false, true })
                    foreach (int tap in quartet.List(signClass, complemented)) *next++ = Offset(tap);
            for (int channel = 0; channel < SignQuartet.Channels; channel++)
                layer.Exceptions[first + channel] = Exceptions(quartet, channel, Enumerable.Range(0, taps).Count(tap => !BinaryWeights.IsPositive(packed, order[first + channel], taps, tap)));
        }

        // The vector after the last tap is always 0.
        ushort Offset(int tap) => (ushort)((tap < 0 ? taps : tap) * vectorWords);

        ExceptionList Exceptions(SignQuartet quartet, int channel, int negatives)
        {
            int[] plain = [.. quartet.Exceptions(channel, complemented: false)], complemented = [.. quartet.Exceptions(channel, complemented: true)];
            var list = new ExceptionList
            {
                Rounds = Rounds(plain.Length),
                ComplementRounds = Rounds(complemented.Length),
            };
            list.Taps = (ushort*)allocate((long)(list.Rounds + list.ComplementRounds) * ExceptionList.RoundTaps * sizeof(ushort));
            list.Offset = negatives - CountOfZeros(length, channel, list.ComplementRounds);
            Fill(list.Taps, plain, list.Rounds);
            Fill(list.Taps + (list.Rounds * ExceptionList.RoundTaps), complemented, list.ComplementRounds);
            return list;
        }

        void Fill(ushort* target, int[] exceptions, int rounds)
        {
            for (int i = 0; i < rounds * ExceptionList.RoundTaps; i++) target[i] = Offset(i < exceptions.Length ? exceptions[i] : -1);
        }
    }

    private static int Rounds(int exceptions) => (exceptions + ExceptionList.RoundTaps - 1) / ExceptionList.RoundTaps;

    // What the kernel counts where all signs are 0: complemented lists count all their taps. Agreements are the negative weights then.
    private static int CountOfZeros(int length, int channel, int complementRounds)
    {
        int twice = complementRounds * ExceptionList.RoundTaps;
        for (int signClass = 0; signClass < SignQuartet.Classes; signClass++)
            twice += SignQuartet.Share(channel, signClass) * length * (signClass + 1);
        return (length * SignQuartet.Classes) + (2 * twice);
    }
}
