using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bitloom.Runtime;

/// <summary>The vector width in bits that a session's kernels use. Results of binary layers are the same for all.</summary>
public enum VectorWidth
{
    /// <summary>The widest that the machine accelerates and the network was emitted for.</summary>
    Best = 0,

    /// <summary>128 bits: SSE, NEON, WebAssembly.</summary>
    Bits128 = 128,

    /// <summary>256 bits: AVX2.</summary>
    Bits256 = 256,

    /// <summary>512 bits: AVX-512 F, BW and VL.</summary>
    Bits512 = 512,
}

/// <summary>Which vector widths this process can use.</summary>
public static class VectorWidths
{
    /// <summary>True where kernels of that width run on the machine's own instructions.</summary>
    public static bool IsAccelerated(VectorWidth width) => width switch
    {
        VectorWidth.Bits512 => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported,
        VectorWidth.Bits256 => Vector256.IsHardwareAccelerated && Avx2.IsSupported,
        VectorWidth.Bits128 => true,
        _ => false,
    };

    /// <summary>The width asked for, or the widest accelerated of those that a network was emitted for.</summary>
    /// <exception cref="ArgumentException">The width was not emitted or the machine lacks it.</exception>
    public static VectorWidth Choose(VectorWidth wish, ReadOnlySpan<VectorWidth> emitted)
    {
        bool isEmitted = false;
        foreach (VectorWidth width in emitted)
        {
            if (wish == VectorWidth.Best && IsAccelerated(width)) return width;
            isEmitted |= width == wish;
        }

        if (wish != VectorWidth.Best)
            return !isEmitted ? throw new ArgumentException($"The network was not emitted for {(int)wish}-bit vectors.")
                : IsAccelerated(wish) ? wish
                : throw new ArgumentException($"This machine, or the instruction set that the program was published for, has no {(int)wish}-bit vectors.");
        throw new ArgumentException("The network was emitted for none of this machine's vector widths: emit it for 128 bits too.");
    }
}
