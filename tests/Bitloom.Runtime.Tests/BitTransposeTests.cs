using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Bitloom.Runtime.Simd;

namespace Bitloom.Runtime.Tests;

/// <summary>Matrices of 8 x 8 bits, the highest plane first, are transposed with and without the instruction for it.</summary>
public sealed class BitTransposeTests
{
    [WideVectorFact]
    public void Bits_of_planes_become_bytes_of_pixels()
    {
        byte[] rows = new byte[64];
        new Random(5).NextBytes(rows);
        byte[] wanted = [.. Enumerable.Range(0, 64).Select(at => (byte)Enumerable.Range(0, 8).Sum(bit => (rows[(at & ~7) + 7 - bit] >> (at & 7) & 1) << bit))];
        foreach (Vector512<byte> transposed in new[] { Lanes512.TransposeBits(Vector512.Create(rows)), Lanes512.TransposeBitsBySwaps(Vector512.Create(rows)) })
        {
            byte[] bytes = new byte[64];
            transposed.CopyTo(bytes);
            Assert.Equal(wanted, bytes);
        }
    }

    private sealed class WideVectorFactAttribute : FactAttribute
    {
        public WideVectorFactAttribute()
        {
            if (!Avx512BW.IsSupported) Skip = "This machine has no 512-bit vectors.";
        }
    }
}
