using System.Runtime.Intrinsics;
using Bitloom.Runtime.Simd;

namespace Bitloom.Runtime.Tests;

/// <summary>Full adders of every width add three bits, for all eight combinations at once.</summary>
public sealed class AdderTests
{
    // Bit i of each is one of the three bits of i.
    private const ulong A = 0xAAAAAAAAAAAAAAAA, B = 0xCCCCCCCCCCCCCCCC, C = 0xF0F0F0F0F0F0F0F0;

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public void Sum_and_carry_are_of_three_bits(bool complementsFirst, bool complementsA, bool complementsB)
    {
        ulong sum = 0, carry = 0;
        for (int i = 0; i < 64; i++)
        {
            int count = Bit(C, i, complementsFirst) + Bit(A, i, complementsA) + Bit(B, i, complementsB);
            sum |= (ulong)(count & 1) << i;
            carry |= (ulong)(count >> 1) << i;
        }

        Vector128<ulong> narrow = Vector128.Create(C), a128 = Vector128.Create(A), b128 = Vector128.Create(B);
        Vector128<ulong> carry128 = (complementsFirst, complementsA, complementsB) switch
        {
            (true, _, _) => Lanes128.AddThreeComplements(ref narrow, a128, b128),
            (_, true, true) => Lanes128.FullAddComplements(ref narrow, a128, b128),
            (_, true, _) => Lanes128.FullSubtract(ref narrow, a128, b128),
            _ => Lanes128.FullAdd(ref narrow, a128, b128),
        };
        Assert.Equal((Vector128.Create(sum), Vector128.Create(carry)), (narrow, carry128));

        Vector256<ulong> middle = Vector256.Create(C), a256 = Vector256.Create(A), b256 = Vector256.Create(B);
        Vector256<ulong> carry256 = (complementsFirst, complementsA, complementsB) switch
        {
            (true, _, _) => Lanes256.AddThreeComplements(ref middle, a256, b256),
            (_, true, true) => Lanes256.FullAddComplements(ref middle, a256, b256),
            (_, true, _) => Lanes256.FullSubtract(ref middle, a256, b256),
            _ => Lanes256.FullAdd(ref middle, a256, b256),
        };
        Assert.Equal((Vector256.Create(sum), Vector256.Create(carry)), (middle, carry256));

        if (!Vector512.IsHardwareAccelerated) return;
        Vector512<ulong> wide = Vector512.Create(C), a512 = Vector512.Create(A), b512 = Vector512.Create(B);
        Vector512<ulong> carry512 = (complementsFirst, complementsA, complementsB) switch
        {
            (true, _, _) => Lanes512.AddThreeComplements(ref wide, a512, b512),
            (_, true, true) => Lanes512.FullAddComplements(ref wide, a512, b512),
            (_, true, _) => Lanes512.FullSubtract(ref wide, a512, b512),
            _ => Lanes512.FullAdd(ref wide, a512, b512),
        };
        Assert.Equal((Vector512.Create(sum), Vector512.Create(carry)), (wide, carry512));
    }

    private static int Bit(ulong bits, int index, bool isComplemented) => (int)((bits >> index) & 1) ^ (isComplemented ? 1 : 0);
}
