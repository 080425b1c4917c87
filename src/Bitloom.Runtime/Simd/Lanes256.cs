using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bitloom.Runtime.Simd;

/// <summary>The operations of emitted kernels whose instructions depend on the vector width, for 256 bits (AVX2).</summary>
public static unsafe class Lanes256
{
    /// <summary>fp32 values a vector.</summary>
    public const int Floats = 8;

    /// <summary>Bytes a vector.</summary>
    public const int Bytes = 32;

    /// <summary>a ^ b ^ c: the sum bit of a full adder.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Sum(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) => a ^ b ^ c;

    /// <summary>At least two of a, b, c: the carry bit of a full adder.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Majority(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) => (a & b) | ((a ^ b) & c);

    /// <summary>Adds a and b to a counter plane; returns the carry into the next plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> FullAdd(ref Vector256<ulong> counter, Vector256<ulong> a, Vector256<ulong> b)
    {
        Vector256<ulong> differ = a ^ b, carry = (a & b) | (differ & counter);
        counter ^= differ;
        return carry;
    }

    /// <summary>Adds ~a and ~b to a counter plane; returns the carry into the next plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> FullAddComplements(ref Vector256<ulong> counter, Vector256<ulong> a, Vector256<ulong> b)
    {
        Vector256<ulong> differ = a ^ b, carry = ~(a | b) | (differ & counter);
        counter ^= differ;
        return carry;
    }

    /// <summary>Adds the complements of three vectors, the first of which becomes the sum; returns the carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddThreeComplements(ref Vector256<ulong> sum, Vector256<ulong> a, Vector256<ulong> b)
    {
        Vector256<ulong> carry = FullAdd(ref sum, a, b);
        sum = ~sum;
        return ~carry;
    }

    /// <summary>Adds ~a and b to a counter plane; returns the carry into the next plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> FullSubtract(ref Vector256<ulong> counter, Vector256<ulong> a, Vector256<ulong> b) => FullAdd(ref counter, ~a, b);

    /// <summary>Majority of ~a, b, c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> MajorityNotA(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) => Majority(~a, b, c);

    /// <summary>Majority of a, ~b, c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> MajorityNotB(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) => Majority(a, ~b, c);

    /// <summary>Majority of a, b, ~c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> MajorityNotC(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) => Majority(a, b, ~c);

    /// <summary>In each 128-bit lane, the low eight bytes of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> UnpackLow(Vector256<byte> a, Vector256<byte> b) => Avx2.UnpackLow(a, b);

    /// <summary>In each 128-bit lane, the high eight bytes of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> UnpackHigh(Vector256<byte> a, Vector256<byte> b) => Avx2.UnpackHigh(a, b);

    /// <summary>In each 128-bit lane, the low four 16-bit words of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> UnpackLow(Vector256<ushort> a, Vector256<ushort> b) => Avx2.UnpackLow(a, b);

    /// <summary>In each 128-bit lane, the high four 16-bit words of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> UnpackHigh(Vector256<ushort> a, Vector256<ushort> b) => Avx2.UnpackHigh(a, b);

    /// <summary>In each 128-bit lane, the low two 32-bit words of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> UnpackLow(Vector256<uint> a, Vector256<uint> b) => Avx2.UnpackLow(a, b);

    /// <summary>In each 128-bit lane, the high two 32-bit words of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> UnpackHigh(Vector256<uint> a, Vector256<uint> b) => Avx2.UnpackHigh(a, b);

    /// <summary>
    /// Joins low and high bytes into 16-bit words and stores them so that the 16 words of 128-bit lane l are contiguous at
    /// <c>destination + 32 * l</c>. To each word <paramref name="constant"/> is added, then it is shifted right with its sign, by
    /// <paramref name="shift"/> bits, and its lowest bit becomes 1 if <paramref name="odd"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWords(byte* destination, Vector256<byte> low, Vector256<byte> high, Vector256<short> constant, int shift = 0, bool odd = false)
    {
        Vector256<short> a = Avx2.UnpackLow(low, high).AsInt16() + constant, b = Avx2.UnpackHigh(low, high).AsInt16() + constant;
        if (shift > 0)
        {
            a >>= shift;
            b >>= shift;
        }

        if (odd)
        {
            a |= Vector256<short>.One;
            b |= Vector256<short>.One;
        }

        Avx2.Permute2x128(a, b, 0x20).Store((short*)destination);
        Avx2.Permute2x128(a, b, 0x31).Store((short*)destination + 16);
    }

    /// <summary>For each byte below 16 the entry of a table of 16 bytes; 0 where the highest bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Lookup(Vector256<byte> table, Vector256<byte> codes) => Avx2.Shuffle(table, codes);

    /// <summary>Sixteen bytes in both 128-bit lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> LoadTable(byte* table) => Avx2.BroadcastVector128ToVector256(table);

    /// <summary>Orders the groups of 16 bits such that turning planes into bytes, by interleaving within lanes, leaves pixels in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> DealGroups(Vector256<ulong> plane)
    {
        // In each lane the even groups, then the odd ones; then the even ones of both lanes before the odd ones.
        Vector256<byte> halves = Vector256.Create((byte)0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15, 0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
        return Avx2.Permute4x64(Avx2.Shuffle(plane.AsByte(), halves).AsUInt64(), 0b11_01_10_00);
    }

    /// <summary>Eight 16-bit integers as fp32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> WordsToFloats(short* words) =>
        Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(Vector128.Load(words)));

    /// <summary>Eight 8-bit integers as fp32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> BytesToFloats(sbyte* bytes) =>
        Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(*(long*)bytes).AsSByte()));

    /// <summary>Bit i of the result is 1 where lane i of a value is that of the threshold or more; 0 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtLeastMask(Vector256<float> value, Vector256<float> threshold) =>
        (uint)Vector256.GreaterThanOrEqual(value, threshold).ExtractMostSignificantBits();

    /// <summary>Makes 0 those of 32 values whose bit in <paramref name="image"/> is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearOutside(float* values, uint image)
    {
        for (int lane = 0; lane < 32; lane += Floats) Keep(Vector256.Load(values + lane), image >> lane).Store(values + lane);
    }

    /// <summary>Keeps the lanes whose bit in <paramref name="mask"/> is 1 and makes the others 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Keep(Vector256<float> value, uint mask)
    {
        Vector256<int> bits = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        return Vector256.ConditionalSelect(Vector256.Equals(Vector256.Create((int)mask) & bits, bits).AsSingle(), value, Vector256<float>.Zero);
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
    public static Vector256<float> Even(Vector256<float> a, Vector256<float> b) =>
        Avx2.Permute4x64(Avx.Shuffle(a, b, 0b10_00_10_00).AsDouble(), 0b11_01_10_00).AsSingle();

    /// <summary>
    /// Stores the first <paramref name="count"/> lanes, 1 or more, at the end of a row of a plane, and zeros in the gap behind it up to a
    /// multiple of 8 pixels.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRowEnd(Vector256<float> value, float* target, int count) => Keep(value, (1u << count) - 1).Store(target);

    /// <summary>a * b + c, fused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);
}
