using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bitloom.Runtime.Simd;

/// <summary>The operations of emitted kernels whose instructions depend on the vector width, for 512 bits (AVX-512 F and BW).</summary>
public static unsafe class Lanes512
{
    /// <summary>fp32 values a vector.</summary>
    public const int Floats = 16;

    /// <summary>Bytes a vector.</summary>
    public const int Bytes = 64;

    /// <summary>a ^ b ^ c: the sum bit of a full adder.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Sum(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => Avx512F.TernaryLogic(a, b, c, 0x96);

    /// <summary>At least two of a, b, c: the carry bit of a full adder.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Majority(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => Avx512F.TernaryLogic(a, b, c, 0xE8);

    /// <summary>Adds a and b to a counter plane; returns the carry into the next plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> FullAdd(ref Vector512<ulong> counter, Vector512<ulong> a, Vector512<ulong> b)
    {
        // The carry from the new sum, for which no register need be copied: where a and b differ from each other, it is the complement of the sum.
        counter = Sum(counter, a, b);
        return MajorityNotB(a, counter, b);
    }

    /// <summary>Adds ~a and ~b to a counter plane; returns the carry into the next plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> FullAddComplements(ref Vector512<ulong> counter, Vector512<ulong> a, Vector512<ulong> b)
    {
        counter = Sum(counter, a, b);
        return Avx512F.TernaryLogic(a, counter, b, 0x17);
    }

    /// <summary>Adds the complements of three vectors, the first of which becomes the sum; returns the carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddThreeComplements(ref Vector512<ulong> sum, Vector512<ulong> a, Vector512<ulong> b)
    {
        sum = Avx512F.TernaryLogic(sum, a, b, 0x69);
        return Avx512F.TernaryLogic(a, sum, b, 0x17);
    }

    /// <summary>Adds ~a and b to a counter plane; returns the carry into the next plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> FullSubtract(ref Vector512<ulong> counter, Vector512<ulong> a, Vector512<ulong> b)
    {
        counter = Avx512F.TernaryLogic(counter, a, b, 0x69);
        return Avx512F.TernaryLogic(a, counter, b, 0x2B);
    }

    /// <summary>Majority of ~a, b, c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> MajorityNotA(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => Avx512F.TernaryLogic(a, b, c, 0x8E);

    /// <summary>Majority of a, ~b, c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> MajorityNotB(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => Avx512F.TernaryLogic(a, b, c, 0xB2);

    /// <summary>Majority of a, b, ~c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> MajorityNotC(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => Avx512F.TernaryLogic(a, b, c, 0xD4);

    /// <summary>In each 128-bit lane, the low eight bytes of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> UnpackLow(Vector512<byte> a, Vector512<byte> b) => Avx512BW.UnpackLow(a, b);

    /// <summary>In each 128-bit lane, the high eight bytes of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> UnpackHigh(Vector512<byte> a, Vector512<byte> b) => Avx512BW.UnpackHigh(a, b);

    /// <summary>In each 128-bit lane, the low four 16-bit words of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> UnpackLow(Vector512<ushort> a, Vector512<ushort> b) => Avx512BW.UnpackLow(a, b);

    /// <summary>In each 128-bit lane, the high four 16-bit words of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> UnpackHigh(Vector512<ushort> a, Vector512<ushort> b) => Avx512BW.UnpackHigh(a, b);

    /// <summary>In each 128-bit lane, the low two 32-bit words of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> UnpackLow(Vector512<uint> a, Vector512<uint> b) => Avx512F.UnpackLow(a, b);

    /// <summary>In each 128-bit lane, the high two 32-bit words of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> UnpackHigh(Vector512<uint> a, Vector512<uint> b) => Avx512F.UnpackHigh(a, b);

    /// <summary>
    /// Dwords of a and b in turn, from lanes 0 and 1 in turn: interleaving bytes of two such vectors leaves lane 0 in the low result and
    /// lane 1 in the high one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> DealLow(Vector512<uint> a, Vector512<uint> b) =>
        Avx512F.PermuteVar16x32x2(a, Vector512.Create(0u, 16, 4, 20, 1, 17, 5, 21, 2, 18, 6, 22, 3, 19, 7, 23), b);

    /// <summary>As <see cref="DealLow"/>, of lanes 2 and 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> DealHigh(Vector512<uint> a, Vector512<uint> b) =>
        Avx512F.PermuteVar16x32x2(a, Vector512.Create(8u, 24, 12, 28, 9, 25, 13, 29, 10, 26, 14, 30, 11, 27, 15, 31), b);

    /// <summary>
    /// In every 64-bit word the transpose of a matrix of 8 x 8 bits: bit i of byte 7 - j becomes bit j of byte i. So eight bytes of planes, the
    /// highest plane first, become the numbers of eight pixels.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> TransposeBits(Vector512<byte> rows)
    {
#if NET10_0_OR_GREATER
        if (Gfni.V512.IsSupported) return Gfni.V512.GaloisFieldAffineTransform(Vector512.Create(0x8040201008040201UL).AsByte(), rows, 0);
#endif
        return TransposeBitsBySwaps(rows);
    }

    /// <summary><see cref="TransposeBits"/> where the processor has no matrices of bits.</summary>
    internal static Vector512<byte> TransposeBitsBySwaps(Vector512<byte> rows)
    {
        Vector512<ulong> bits = Avx512BW.Shuffle(rows, Vector512.Create(0x0001020304050607UL, 0x08090A0B0C0D0E0F, 0x0001020304050607, 0x08090A0B0C0D0E0F, 0x0001020304050607, 0x08090A0B0C0D0E0F, 0x0001020304050607, 0x08090A0B0C0D0E0F).AsByte()).AsUInt64();
        Vector512<ulong> moved = (bits ^ (bits >>> 7)) & Vector512.Create(0x00AA00AA00AA00AAUL);
        bits ^= moved ^ (moved << 7);
        moved = (bits ^ (bits >>> 14)) & Vector512.Create(0x0000CCCC0000CCCCUL);
        bits ^= moved ^ (moved << 14);
        moved = (bits ^ (bits >>> 28)) & Vector512.Create(0x00000000F0F0F0F0UL);
        return (bits ^ moved ^ (moved << 28)).AsByte();
    }

    /// <summary>
    /// Joins low and high bytes, as <see cref="DealLow"/> or <see cref="DealHigh"/> leave them, into 16-bit words and stores 32 of one lane at
    /// <paramref name="destination"/>, those of the next four vectors, or 128 words, behind. To each word <paramref name="constant"/> is added, then it is shifted right with its sign, by
    /// <paramref name="shift"/> bits, and its lowest bit becomes 1 if <paramref name="odd"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWords(byte* destination, Vector512<byte> low, Vector512<byte> high, Vector512<short> constant, int shift = 0, bool odd = false)
    {
        Vector512<short> a = Avx512BW.UnpackLow(low, high).AsInt16() + constant, b = Avx512BW.UnpackHigh(low, high).AsInt16() + constant;
        if (shift > 0)
        {
            a >>= shift;
            b >>= shift;
        }

        if (odd)
        {
            a |= Vector512<short>.One;
            b |= Vector512<short>.One;
        }

        a.Store((short*)destination);
        b.Store((short*)destination + 128);
    }

    /// <summary>For each byte below 16 the entry of a table of 16 bytes; 0 where the highest bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Lookup(Vector512<byte> table, Vector512<byte> codes) => Avx512BW.Shuffle(table, codes);

    /// <summary>Sixteen bytes in every 128-bit lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> LoadTable(byte* table) => Avx512F.BroadcastVector128ToVector512((uint*)table).AsByte();

    /// <summary>Orders the groups of 16 bits such that turning planes into bytes, by interleaving within lanes, leaves pixels in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> DealGroups(Vector512<ulong> plane) => Avx512BW.PermuteVar32x16(plane.AsUInt16(), Vector512.Create(
        (ushort)0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31)).AsUInt64();

    /// <summary>Sixteen 16-bit integers as fp32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> WordsToFloats(short* words) =>
        Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector256.Load(words)));

    /// <summary>Sixteen 8-bit integers as fp32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> BytesToFloats(sbyte* bytes) =>
        Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(bytes)));

    /// <summary><paramref name="first"/> and every second number after it: sums of signs differ by 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SumsFrom(int first) =>
        Vector512.Create(first + 0f, first + 2f, first + 4f, first + 6f, first + 8f, first + 10f, first + 12f, first + 14f, first + 16f, first + 18f, first + 20f, first + 22f, first + 24f, first + 26f, first + 28f, first + 30f);

    /// <summary>For sixteen bytes below 16 the entries of a table of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Lookup(byte* indices, Vector512<float> table) =>
        Avx512F.PermuteVar16x32(table, Avx512F.ConvertToVector512Int32(Vector128.Load(indices)));

    /// <summary>For sixteen bytes below 32 the entries of a table of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Lookup(byte* indices, Vector512<float> table0, Vector512<float> table1) =>
        Avx512F.PermuteVar16x32x2(table0, Avx512F.ConvertToVector512Int32(Vector128.Load(indices)), table1);

    /// <summary>For sixteen bytes below 48 the entries of a table of 48.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Lookup(byte* indices, Vector512<float> table0, Vector512<float> table1, Vector512<float> table2)
    {
        Vector512<int> index = Avx512F.ConvertToVector512Int32(Vector128.Load(indices));
        return Vector512.ConditionalSelect(
            Vector512.GreaterThan(index, Vector512.Create(31)).AsSingle(),
            Avx512F.PermuteVar16x32(table2, index), Avx512F.PermuteVar16x32x2(table0, index, table1));
    }

    /// <summary>For sixteen bytes below 64 the entries of a table of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Lookup(byte* indices, Vector512<float> table0, Vector512<float> table1, Vector512<float> table2, Vector512<float> table3)
    {
        Vector512<int> index = Avx512F.ConvertToVector512Int32(Vector128.Load(indices));
        return Vector512.ConditionalSelect(
            Vector512.LessThan(index, Vector512.Create(32)).AsSingle(),
            Avx512F.PermuteVar16x32x2(table0, index, table1), Avx512F.PermuteVar16x32x2(table2, index, table3));
    }

    /// <summary>Bit i of the result is 1 where lane i of a value is that of the threshold or more; 0 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtLeastMask(Vector512<float> value, Vector512<float> threshold) =>
        (uint)Vector512.GreaterThanOrEqual(value, threshold).ExtractMostSignificantBits();

    /// <summary>Makes 0 those of 32 values whose bit in <paramref name="image"/> is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearOutside(float* values, uint image)
    {
        for (int lane = 0; lane < 32; lane += Floats) Keep(Vector512.Load(values + lane), image >> lane).Store(values + lane);
    }

    /// <summary>Keeps the lanes whose bit in <paramref name="mask"/> is 1 and makes the others 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Keep(Vector512<float> value, uint mask)
    {
        Vector512<int> bits = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        return Vector512.ConditionalSelect(Vector512.Equals(Vector512.Create((int)mask) & bits, bits).AsSingle(), value, Vector512<float>.Zero);
    }

    /// <summary>Asks for the cache line at an address that need not be valid; nothing where the processor has no such instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    /// <summary>Asks for the line of cache that holds the address, for the second-level cache: what is read some thousand cycles later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchFar(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch1(address);
    }

    /// <summary>Lanes 0, 2, 4, ... of a, then of b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Even(Vector512<float> a, Vector512<float> b) =>
        Avx512F.PermuteVar16x32x2(a, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), b);

    /// <summary>
    /// Stores the first <paramref name="count"/> lanes, 1 or more, at the end of a row of a plane, and zeros in the gap behind it up to a
    /// multiple of 8 pixels.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRowEnd(Vector512<float> value, float* target, int count)
    {
        value = Keep(value, (1u << count) - 1);
        if (count > 8) value.Store(target);
        else value.GetLower().Store(target);
    }

    /// <summary>a * b + c, fused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Avx512F.FusedMultiplyAdd(a, b, c);
}
