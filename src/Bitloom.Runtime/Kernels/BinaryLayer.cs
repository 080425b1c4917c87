using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bitloom.Runtime.Kernels;

/// <summary>One binary convolution's weights in the form that its kernel reads. Made once, when a session is created.</summary>
public unsafe struct BinaryLayer
{
    /// <summary>Output channels x slots: the byte offset, within a slot, of the carry for this output's sign pattern.</summary>
    public ushort* Patterns;

    /// <summary>Output channels in the order in which they are counted, four together; the last one twice.</summary>
    public ushort* Order;

    /// <summary>
    /// For every four output channels of the order the offsets, in 64-bit words, of the signs of eight classes of taps: of each a list to
    /// add and one, as long, to add complemented.
    /// </summary>
    public ushort* Quartets;

    /// <summary>Output channels in their order: what each adds to the count of its quartet.</summary>
    public ExceptionList* Exceptions;

    /// <summary>Output channels x taps x 16: what a tap adds for each code of signs; for kernels that look up instead of counting.</summary>
    public byte* Tables;

    /// <summary>Output channels: all ones where the lowest count bit is complemented, else 0.</summary>
    public ulong* LowBitFlips;

    /// <summary>Output channels x border classes: what zero padding adds to a sum that took padded signs for -1.</summary>
    public short* Corrections;

    /// <summary>Per-channel constants of the epilogue.</summary>
    public float* Constants;

    /// <summary>For every block of the kernel's vector width the index of its first patch, and one more; null for a 1 x 1 kernel.</summary>
    public int* PatchStarts;

    /// <summary>Patches of pixels near the border, by block.</summary>
    public BorderPatch* Patches;

    /// <summary>Border classes: values of <see cref="Corrections"/> an output channel.</summary>
    public int BorderClasses;

    /// <summary>Adds to the 16-bit sums of one block and channel what zero padding makes of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void CorrectWords(int block, int channel, byte* sums)
    {
        short* corrections = Corrections + (channel * BorderClasses);
        BorderPatch* end = Patches + PatchStarts[block + 1];
        for (BorderPatch* patch = Patches + PatchStarts[block]; patch < end; patch++)
            Add((short*)sums + patch->WordOffset, corrections[patch->Class], patch);
    }

    /// <summary>The same for sums that lie pixel by pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void CorrectWordsInOrder(int block, int channel, byte* sums)
    {
        short* corrections = Corrections + (channel * BorderClasses);
        BorderPatch* end = Patches + PatchStarts[block + 1];
        for (BorderPatch* patch = Patches + PatchStarts[block]; patch < end; patch++)
            Add((short*)sums + patch->Pixel, corrections[patch->Class], patch);
    }

    /// <summary>The same for sums of 8 bits, which hold no more than 127 signs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void CorrectBytes(int block, int channel, byte* sums)
    {
        short* corrections = Corrections + (channel * BorderClasses);
        BorderPatch* end = Patches + PatchStarts[block + 1];
        for (BorderPatch* patch = Patches + PatchStarts[block]; patch < end; patch++)
            Add(sums + patch->WordOffset, (byte)corrections[patch->Class], patch);
    }

    /// <summary>The same for halves of sums, or for counts of agreements, each worth 2 in the sum: every correction is even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void CorrectHalves(int block, int channel, byte* halves)
    {
        short* corrections = Corrections + (channel * BorderClasses);
        BorderPatch* end = Patches + PatchStarts[block + 1];
        for (BorderPatch* patch = Patches + PatchStarts[block]; patch < end; patch++)
            Add(halves + patch->WordOffset, (byte)(corrections[patch->Class] >> 1), patch);
    }

    // Vectors, not single sums: the epilogue loads vectors, and one that is partly in a store under way would wait for it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(short* sums, short correction, BorderPatch* patch) =>
        (Vector256.Load(sums) + (Vector256.Create(correction) & patch->Pixels)).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(byte* sums, byte correction, BorderPatch* patch) =>
        (Vector128.Load(sums) + (Vector128.Create(correction) & patch->PixelBytes)).Store(sums);
}

/// <summary>
/// Turns one-bit weights into the tables of the bit-sliced kernel. Signs are added in triples: of each triple the kernel keeps one
/// parity, the same for every output channel up to complement, and a slot of 8 carries, one for each pattern of weight signs.
/// Parities are added in triples again until one or two are left. So an output channel is a list of patterns, one a slot.
/// </summary>
public static unsafe class BinaryWeights
{
    /// <summary>Slots, that is carries to add, for one output of <paramref name="taps"/> signs.</summary>
    public static int Slots(int taps)
    {
        int slots = 0;
        while (taps >= 3)
        {
            slots += taps / 3;
            taps = (taps / 3) + (taps % 3);
        }

        return taps == 2 ? slots + 1 : slots;
    }

    /// <summary>Writes the patterns of every output channel.</summary>
    /// <param name="packed">Output channels x whole 64-bit little-endian words; bit 1 is +1.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="taps">Weights of one output channel.</param>
    /// <param name="carryBytes">Bytes of one carry: the vector width in bytes.</param>
    /// <param name="patterns">Outputs x <see cref="Slots"/>.</param>
    /// <param name="lowBitFlips">Outputs.</param>
    public static void ExpandPatterns(ReadOnlySpan<byte> packed, int outputs, int taps, int carryBytes, ushort* patterns, ulong* lowBitFlips)
    {
        Span<bool> flips = taps <= 4096 ? stackalloc bool[taps] : new bool[taps];
        for (int output = 0; output < outputs; output++)
        {
            for (int tap = 0; tap < taps; tap++) flips[tap] = !IsPositive(packed, output, taps, tap);
            int count = taps;
            while (count >= 3)
            {
                int triples = count / 3, rest = count % 3;
                for (int t = 0; t < triples; t++)
                {
                    bool a = flips[3 * t], b = flips[(3 * t) + 1], c = flips[(3 * t) + 2];
                    *patterns++ = (ushort)(carryBytes * ((a ? 1 : 0) | (b ? 2 : 0) | (c ? 4 : 0)));
                    flips[t] = a ^ b ^ c;
                }

                for (int r = 0; r < rest; r++) flips[triples + r] = flips[(3 * triples) + r];
                count = triples + rest;
            }

            if (count == 2) *patterns++ = (ushort)(carryBytes * ((flips[0] ? 1 : 0) | (flips[1] ? 2 : 0)));
            lowBitFlips[output] = (count == 2 ? flips[0] ^ flips[1] : flips[0]) ? ulong.MaxValue : 0;
        }
    }

    /// <summary>Writes what zero padding adds in every border class of <paramref name="patches"/>: the sum of the weights on padded taps.</summary>
    /// <param name="packed">As for <see cref="ExpandPatterns"/>.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="channels">Input channels of one output.</param>
    /// <param name="patches">The kernel's window over the image.</param>
    /// <param name="corrections">Outputs x classes.</param>
    public static void ExpandCorrections(ReadOnlySpan<byte> packed, int outputs, int channels, BorderPatches patches, short* corrections)
    {
        int window = patches.KernelHeight * patches.KernelWidth, wordBytes = ((channels * window) + 63) / 64 * 8;
        for (int output = 0; output < outputs; output++)
            foreach (BorderClass border in patches.Classes)
            {
                int sum = 0;
                for (int channel = 0; channel < channels; channel++)
                    for (int tap = 0; tap < window; tap++)
                        if (!border.Contains(tap / patches.KernelWidth, tap % patches.KernelWidth))
                            sum += Bit(packed, output * wordBytes, (channel * window) + tap) ? 1 : -1;
                *corrections++ = checked((short)sum);
            }
    }

    /// <summary>Whether a weight is +1.</summary>
    internal static bool IsPositive(ReadOnlySpan<byte> packed, int output, int taps, int tap) => Bit(packed, output * ((taps + 63) / 64 * 8), tap);

    private static bool Bit(ReadOnlySpan<byte> packed, int firstByte, int index) =>
        ((packed[firstByte + (index >> 3)] >> (index & 7)) & 1) != 0;
}
