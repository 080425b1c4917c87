using System.Runtime.Intrinsics;
using Bitloom.Runtime.Simd;

namespace Bitloom.Runtime.Tests;

/// <summary>Full adders of every width add three bits, for all eight combinations at once.</summary>
public sealed class AdderTests
{
    // Bit i of each is one of the three bits of i.
    private const ulong A = 0xAAAAAAAAAAAAAAAA, B = 0xCCCCCCCCCCCCCCCC, C = 0xF0F0F0F0F0F0F0F0;

    private delegate TVector Adder<TVector>(ref TVector first, TVector a, TVector b);

    [Fact]
    public void Full_adders_add() => Check(C, A, B, Lanes128.FullAdd, Lanes256.FullAdd, Lanes512.FullAdd);

    [Fact]
    public void Two_complements_are_added() => Check(C, ~A, ~B, Lanes128.FullAddComplements, Lanes256.FullAddComplements, Lanes512.FullAddComplements);

    [Fact]
    public void Three_complements_are_added() => Check(~C, ~A, ~B, Lanes128.AddThreeComplements, Lanes256.AddThreeComplements, Lanes512.AddThreeComplements);

    [Fact]
    public void One_complement_is_added() => Check(C, ~A, B, Lanes128.FullSubtract, Lanes256.FullSubtract, Lanes512.FullSubtract);

    // What an adder given C, A and B makes is the sum and the carry of the three terms.
    private static void Check(ulong first, ulong a, ulong b, Adder<Vector128<ulong>> narrow, Adder<Vector256<ulong>> middle, Adder<Vector512<ulong>> wide)
    {
        ulong sum = 0, carry = 0;
        for (int i = 0; i < 64; i++)
        {
            int count = Bit(first, i) + Bit(a, i) + Bit(b, i);
            sum |= (ulong)(count & 1) << i;
            carry |= (ulong)(count >> 1) << i;
        }

        CheckWidth(sum, carry, Vector128.Create, narrow);
        CheckWidth(sum, carry, Vector256.Create, middle);
        if (Vector512.IsHardwareAccelerated) CheckWidth(sum, carry, Vector512.Create, wide);
    }

    private static void CheckWidth<TVector>(ulong sum, ulong carry, Func<ulong, TVector> create, Adder<TVector> adder)
    {
        TVector added = create(C), carried = adder(ref added, create(A), create(B));
        Assert.Equal((create(sum), create(carry)), (added, carried));
    }

    private static int Bit(ulong bits, int index) => (int)((bits >> index) & 1);
}
