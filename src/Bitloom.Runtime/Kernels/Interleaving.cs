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

    /// <summary>Stores a0, b0, a1, b1 and so on, 16 values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Vector256<float> a, Vector256<float> b, float* target)
    {
        Of(a.GetLower(), b.GetLower()).Store(target);
        Of(a.GetUpper(), b.GetUpper()).Store(target + 8);
    }
}
