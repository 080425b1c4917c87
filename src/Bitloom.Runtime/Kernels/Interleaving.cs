using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Bitloom.Runtime.Kernels;

/// <summary>Values of two vectors in turn, where one pixel becomes two.</summary>
internal static unsafe class Interleaving
{
    /// <summary>a0, b0, a1, b1, a2, b2, a3, b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Of(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Vector256.Create(Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b))
        : AdvSimd.Arm64.IsSupported ? Vector256.Create(AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b))
        : Vector256.Create(a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3]);

    /// <summary>Stores a0, b0, a1, b1 and so on, 32 values, where the machine has AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Vector512<float> a, Vector512<float> b, float* target)
    {
        Avx512F.PermuteVar16x32x2(a, Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), b).Store(target);
        Avx512F.PermuteVar16x32x2(a, Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), b).Store(target + 16);
    }

    /// <summary>Stores a0, b0, a1, b1 and so on, 16 values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Vector256<float> a, Vector256<float> b, float* target)
    {
        Of(a.GetLower(), b.GetLower()).Store(target);
        Of(a.GetUpper(), b.GetUpper()).Store(target + 8);
    }
}
