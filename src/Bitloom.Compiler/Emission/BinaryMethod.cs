using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Emission;

/// <summary>How a kernel adds the signs of a binary convolution.</summary>
internal enum BinaryMethod
{
    /// <summary>A table gives what the up to four channels of a tap add: <see cref="SignLookupEmitter"/>.</summary>
    Lookup,

    /// <summary>Carries of triples are shared by all outputs: <see cref="SharedCarryEmitter"/>.</summary>
    Carries,

    /// <summary>Four outputs are counted at once: <see cref="QuartetConvEmitter"/>.</summary>
    Quartets,
}

/// <summary>A method, and what it needs to know.</summary>
/// <param name="Method">The method.</param>
/// <param name="Quartets">The lists of <see cref="BinaryMethod.Quartets"/>, else null.</param>
internal readonly record struct BinaryChoice(BinaryMethod Method, QuartetLayout? Quartets = null);

/// <summary>Chooses the method that takes the fewest vector operations.</summary>
internal static class BinaryMethods
{
    private const int CachedBytes = 40 << 10;

    /// <summary>The method of a convolution.</summary>
    internal static BinaryChoice Of(BinaryConv2d convolution)
    {
        double carries = SharedCarryEmitter.Cost(convolution);
        if (SignLookupEmitter.Cost(convolution) < carries) return new(BinaryMethod.Lookup);
        return QuartetLayout.Of(convolution) is { } quartets && quartets.Cost < carries ? new(BinaryMethod.Quartets, quartets) : new(BinaryMethod.Carries);
    }

    /// <summary>
    /// Vector operations that take as long as adding a vector from a table of <paramref name="bytes"/>: a full adder's two, or four where the
    /// table leaves the first-level cache.
    /// </summary>
    internal static int AdditionCost(int bytes) => bytes > CachedBytes ? 4 : 2;

    /// <summary>Vector operations that turn the count of an output to bytes, the same for counts of every kind.</summary>
    internal const int StoreCost = 75;
}
