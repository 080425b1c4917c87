using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Bitloom.Runtime.Simd;

/// <summary>The operations of emitted kernels whose instructions depend on the vector width, for 128 bits in portable operations (SSE, NEON, WebAssembly).</summary>
public static unsafe class Lanes128
{
    /// <summary>fp32 values a vector.</summary>
    public const int Floats = 4;

    /// <summary>Bytes a vector.</summary>
    public const int Bytes = 16;

    /// <summary>a ^ b ^ c: the sum bit of a full adder.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Sum(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) => a ^ b ^ c;

    /// <summary>At least two of a, b, c: the carry bit of a full adder.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Majority(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) => (a & b) | ((a ^ b) & c);

    /// <summary>Adds a and b to a counter plane; returns the carry into the next plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> FullAdd(ref Vector128<ulong> counter, Vector128<ulong> a, Vector128<ulong> b)
    {
        Vector128<ulong> differ = a ^ b, carry = (a & b) | (differ & counter);
        counter ^= differ;
        return carry;
    }

    /// <summary>Adds ~a and ~b to a counter plane; returns the carry into the next plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> FullAddComplements(ref Vector128<ulong> counter, Vector128<ulong> a, Vector128<ulong> b)
    {
        Vector128<ulong> differ = a ^ b, carry = ~(a | b) | (differ & counter);
        counter ^= differ;
        return carry;
    }

    /// <summary>Adds the complements of three vectors, the first of which becomes the sum; returns the carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> AddThreeComplements(ref Vector128<ulong> sum, Vector128<ulong> a, Vector128<ulong> b)
    {
        Vector128<ulong> carry = FullAdd(ref sum, a, b);
        sum = ~sum;
        return ~carry;
    }

    /// <summary>Adds ~a and b to a counter plane; returns the carry into the next plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> FullSubtract(ref Vector128<ulong> counter, Vector128<ulong> a, Vector128<ulong> b) => FullAdd(ref counter, ~a, b);

    /// <summary>Majority of ~a, b, c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> MajorityNotA(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) => Majority(~a, b, c);

    /// <summary>Majority of a, ~b, c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> MajorityNotB(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) => Majority(a, ~b, c);

    /// <summary>Majority of a, b, ~c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> MajorityNotC(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) => Majority(a, b, ~c);

    /// <summary>In each 128-bit lane, the low eight bytes of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> UnpackLow(Vector128<byte> a, Vector128<byte> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Portable.UnpackLow(a, b);

    /// <summary>In each 128-bit lane, the high eight bytes of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> UnpackHigh(Vector128<byte> a, Vector128<byte> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Portable.UnpackHigh(a, b);

    /// <summary>In each 128-bit lane, the low four 16-bit words of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> UnpackLow(Vector128<ushort> a, Vector128<ushort> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Portable.UnpackLow(a, b);

    /// <summary>In each 128-bit lane, the high four 16-bit words of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> UnpackHigh(Vector128<ushort> a, Vector128<ushort> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Portable.UnpackHigh(a, b);

    /// <summary>In each 128-bit lane, the low two 32-bit words of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> UnpackLow(Vector128<uint> a, Vector128<uint> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Portable.UnpackLow(a, b);

    /// <summary>In each 128-bit lane, the high two 32-bit words of a and b alternating.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> UnpackHigh(Vector128<uint> a, Vector128<uint> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Portable.UnpackHigh(a, b);

    /// <summary>
    /// Joins low and high bytes into 16-bit words and stores them so that the 16 words of 128-bit lane l are contiguous at
    /// <c>destination + 32 * l</c>. To each word <paramref name="constant"/> is added, then it is shifted right with its sign, by
    /// <paramref name="shift"/> bits, and its lowest bit becomes 1 if <paramref name="odd"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWords(byte* destination, Vector128<byte> low, Vector128<byte> high, Vector128<short> constant, int shift = 0, bool odd = false)
    {
        Vector128<short> a = UnpackLow(low, high).AsInt16() + constant, b = UnpackHigh(low, high).AsInt16() + constant;
        if (shift > 0)
        {
            a >>= shift;
            b >>= shift;
        }

        if (odd)
        {
            a |= Vector128<short>.One;
            b |= Vector128<short>.One;
        }

        a.Store((short*)destination);
        b.Store((short*)destination + 8);
    }

    /// <summary>For each byte below 16 the entry of a table of 16 bytes; 0 where the highest bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Lookup(Vector128<byte> table, Vector128<byte> codes) =>
        Ssse3.IsSupported ? Ssse3.Shuffle(table, codes) : Vector128.Shuffle(table, codes);

    /// <summary>Sixteen bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LoadTable(byte* table) => Vector128.Load(table);

    /// <summary>Orders the groups of 16 bits such that turning planes into bytes leaves pixels in order: they are, with one lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> DealGroups(Vector128<ulong> plane) => plane;

    /// <summary>Four 16-bit integers as fp32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> WordsToFloats(short* words) =>
        Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)words).AsInt16()));

    /// <summary>Four 8-bit integers as fp32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> BytesToFloats(sbyte* bytes) =>
        Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(int*)bytes).AsSByte())));

    /// <summary>Bit i of the result is 1 where lane i of a value is that of the threshold or more; 0 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AtLeastMask(Vector128<float> value, Vector128<float> threshold) =>
        (uint)Vector128.GreaterThanOrEqual(value, threshold).ExtractMostSignificantBits();

    /// <summary>Makes 0 those of 32 values whose bit in <paramref name="image"/> is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearOutside(float* values, uint image)
    {
        for (int lane = 0; lane < 32; lane += Floats) Keep(Vector128.Load(values + lane), image >> lane).Store(values + lane);
    }

    /// <summary>Keeps the lanes whose bit in <paramref name="mask"/> is 1 and makes the others 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Keep(Vector128<float> value, uint mask)
    {
        Vector128<int> bits = Vector128.Create(1, 2, 4, 8);
        return Vector128.ConditionalSelect(Vector128.Equals(Vector128.Create((int)mask) & bits, bits).AsSingle(), value, Vector128<float>.Zero);
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
    public static Vector128<float> Even(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.Shuffle(a, b, 0b10_00_10_00)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.UnzipEven(a, b)
        : Vector128.Create(a[0], a[2], b[0], b[2]);

    /// <summary>
    /// Stores the first <paramref name="count"/> lanes, 1 or more, at the end of a row of a plane, and zeros in the gap behind it up to a
    /// multiple of 4 pixels.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRowEnd(Vector128<float> value, float* target, int count) => Keep(value, (1u << count) - 1).Store(target);

    /// <summary>a * b + c, fused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.FusedMultiplyAdd(a, b, c);

    // Interleaving where neither SSE nor NEON is there.
    private static class Portable
    {
        internal static Vector128<byte> UnpackLow(Vector128<byte> a, Vector128<byte> b) =>
            Interleave(Vector128.WidenLower(a), Vector128.WidenLower(b));

        internal static Vector128<byte> UnpackHigh(Vector128<byte> a, Vector128<byte> b) =>
            Interleave(Vector128.WidenUpper(a), Vector128.WidenUpper(b));

        internal static Vector128<ushort> UnpackLow(Vector128<ushort> a, Vector128<ushort> b) =>
            (Vector128.WidenLower(a) | (Vector128.WidenLower(b) << 16)).AsUInt16();

        internal static Vector128<ushort> UnpackHigh(Vector128<ushort> a, Vector128<ushort> b) =>
            (Vector128.WidenUpper(a) | (Vector128.WidenUpper(b) << 16)).AsUInt16();

        internal static Vector128<uint> UnpackLow(Vector128<uint> a, Vector128<uint> b) =>
            (Vector128.WidenLower(a) | (Vector128.WidenLower(b) << 32)).AsUInt32();

        internal static Vector128<uint> UnpackHigh(Vector128<uint> a, Vector128<uint> b) =>
            (Vector128.WidenUpper(a) | (Vector128.WidenUpper(b) << 32)).AsUInt32();

        private static Vector128<byte> Interleave(Vector128<ushort> a, Vector128<ushort> b) => (a | (b << 8)).AsByte();
    }
}
