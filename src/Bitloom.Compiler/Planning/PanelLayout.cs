using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>What the lanes of a panel convolution's vectors are.</summary>
public enum PanelLanes
{
    /// <summary>Neighbouring pixels, one row after the other without gaps; weights are broadcast.</summary>
    Pixels,

    /// <summary>Output channels; pixels are broadcast, and the sums transposed. No lane is idle however few the pixels.</summary>
    Outputs,
}

/// <summary>
/// How a convolution over panels is laid out. A panel holds, for every tap of every input channel, the pixels that it meets, for a block
/// of output rows: padding, stride and dilation are gone, and the convolution is a product of two matrices.
/// </summary>
/// <param name="Lanes">What the lanes are.</param>
/// <param name="MostPixels">Pixels of a block at most, so that its panel stays in the second-level cache.</param>
/// <param name="MostInputs">
/// Input channels of a slice at most. Sums of all output channels are made slice by slice, so that a tile's weights stay in the first-level
/// cache while all pixels use them; where there is one slice, tile by tile.
/// </param>
/// <param name="Reason">Why, for people.</param>
public sealed record PanelLayout(PanelLanes Lanes, int MostPixels, int MostInputs, string Reason)
{
    private const int LeastPixels = 48;
    private const int MostPixelsOfAll = 512;
    private const int CacheFloats = 160 << 10;

    // Lanes of the widest vectors, for which the layout is chosen.
    private const int WidestVector = 16;

    // Cycles for the transposition of a vector of sums, in terms of one multiply-add.
    private const double TransposeTerms = 14;

    // A tile of one vector of pixels loads a weight for every multiplication, and so is bound by loads.
    private const double OneVectorCost = 1.5;

    // Pixels of small images, which one block holds.
    private const int SmallImage = 256;

    // Terms of a slice, and of a convolution that is not worth slices: a tile of 64 outputs has 32 kB of weights for 128 terms.
    private const int SliceTerms = 128;
    private const int WholeTerms = 256;

    // Pixels up to which one tile or two use a weight, so that it need not stay anywhere.
    private const int FewPixels = 12;

    /// <summary>The layout for a convolution that makes <paramref name="output"/>.</summary>
    internal static PanelLayout For(Conv2d conv, TensorShape output)
    {
        long taps = conv.MacsPerOutput;
        int inputs = conv.Weight.Shape[1];
        int most = (int)Math.Max(LeastPixels, Math.Min(MostPixelsOfAll, CacheFloats / taps));
        if (output.Height is not ConstantExtent height || output.Width is not ConstantExtent width)
            return new PanelLayout(PanelLanes.Pixels, most, inputs, "lanes are pixels, as the size is free");
        long pixels = (long)height.Value * width.Value;
        double byPixels = Padded(pixels) / pixels * (pixels <= WidestVector ? OneVectorCost : 1), byOutputs = Padded(output.Channels) / output.Channels * (1 + (TransposeTerms / taps));
        if (conv.Groups > 1 || pixels > SmallImage || byPixels <= byOutputs) return new PanelLayout(PanelLanes.Pixels, most, inputs, FormattableString.Invariant($"lanes are pixels, {pixels} fill their vectors"));
        int slice = taps <= WholeTerms || pixels <= FewPixels ? inputs : (int)Math.Max(1, SliceTerms * inputs / taps);
        return new PanelLayout(PanelLanes.Outputs, (int)pixels, slice, FormattableString.Invariant($"lanes are output channels, as {pixels} {(pixels == 1 ? "pixel does" : "pixels do")} not fill vectors{(slice < inputs ? FormattableString.Invariant($", and sums are made in slices of {slice} input channels") : "")}"));
    }

    private static double Padded(long count) => (count + WidestVector - 1) / WidestVector * WidestVector;
}
