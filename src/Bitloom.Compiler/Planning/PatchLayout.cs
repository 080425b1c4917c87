using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Planning;

/// <summary>
/// How a 3 x 3 convolution is laid out for Winograd's method in two dimensions: the image is cut into patches of 4 x 4 pixels, each made of
/// 36 products instead of 144. The weights grow from 9 to 36 values, so there must be enough patches to use them; images whose size is free
/// are taken to have them.
/// </summary>
/// <param name="Patches">Patches of the image; where its size is free, more than any tile has.</param>
/// <param name="MostPatches">Patches of a block at most, so that what is combined of them stays in the second-level cache.</param>
public sealed record PatchLayout(int Patches, int MostPatches)
{
    // The transforms of an input channel cost about as much as 8 outputs, those of an output as much as 9 inputs.
    private const int LeastChannels = 32;

    // Beyond the last-level cache a weight arrives as slowly as so many are multiplied.
    private const int LeastUsesOfWeight = 20;

    private const int CacheFloats = 200 << 10;

    // Outputs of a tile, and lanes, of the widest vectors.
    private const int TileOutputs = 64;
    private const int Lanes = 16;

    /// <summary>The layout for weights, output channels x input channels x 3 x 3, and the result; null where another method suits better.</summary>
    internal static PatchLayout? For(FloatTensor weight, TensorShape output)
    {
        int inputs = weight.Shape[1];
        if (Math.Min(weight.Shape[0], inputs) < LeastChannels || PatchesOf(output) is not { } patches) return null;
        return new PatchLayout(patches, CacheFloats / ((36 * (inputs + TileOutputs)) + (32 * Lanes)));
    }

    // Null where the image has too few to pay.
    private static int? PatchesOf(TensorShape output)
    {
        if (output.Height is not ConstantExtent height || output.Width is not ConstantExtent width) return 1 << 20;
        int patches = (height.Value + 3) / 4 * ((width.Value + 3) / 4);
        return 4 * Math.Max(patches, LeastUsesOfWeight) < height.Value * width.Value ? patches : null;
    }
}
