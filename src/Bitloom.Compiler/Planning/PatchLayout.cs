using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Planning;

/// <summary>
/// How a 3 x 3 convolution is laid out for Winograd's method in two dimensions: the image is cut into patches of 4 x 4 pixels, each made of
/// 36 products instead of 144. The weights grow from 9 to 36 values. Where there are many patches to use them, they are combined once, when
/// a session begins. Where there are few, they would come from memory slower than they are multiplied: then they are combined
/// slice by slice of the input channels, just before they are used. Images whose size is free are taken to have many.
/// </summary>
/// <param name="Patches">Patches of the image; where its size is free, more than any tile has.</param>
/// <param name="MostPatches">Patches of a block at most, so that what is combined of them stays in the second-level cache.</param>
/// <param name="SliceInputs">Input channels of a slice at most; null where weights are combined when a session begins.</param>
public sealed record PatchLayout(int Patches, int MostPatches, int? SliceInputs)
{
    // The transforms of an input channel cost about as much as 8 outputs, those of an output as much as 9 inputs.
    private const int LeastChannels = 32;

    // Beyond the last-level cache a weight arrives as slowly as so many are multiplied.
    private const int LeastUsesOfWeight = 32;

    // Combining the 9 values of a kernel, storing and loading the 36 costs about as much as so many multiplications.
    private const int CombineCost = 400;

    // Another method must be slower by a tenth to be left.
    private const double LeastGain = 1.1;

    private const int CacheFloats = 200 << 10;

    // Input channels of a slice: its weights for a tile of 64 outputs are 36 matrices of 8 kB.
    private const int MostSliceInputs = 32;

    // Outputs of a tile, and lanes, of the widest vectors.
    private const int TileOutputs = 64;
    private const int Lanes = 16;

    /// <summary>The layout for weights, output channels x input channels x 3 x 3, and the result; null where another method suits better.</summary>
    internal static PatchLayout? For(FloatTensor weight, TensorShape output)
    {
        int inputs = weight.Shape[1], most = CacheFloats / ((36 * (inputs + TileOutputs)) + (32 * Lanes));
        if (Math.Min(weight.Shape[0], inputs) < LeastChannels) return null;
        if (output.Height is not ConstantExtent height || output.Width is not ConstantExtent width) return new PatchLayout(1 << 20, most, null);

        // In terms of one multiplication for each pair of channels.
        int patches = (height.Value + 3) / 4 * ((width.Value + 3) / 4);
        long direct = 9 * Math.Max((long)height.Value * width.Value, LeastUsesOfWeight);
        long combinedBefore = 36 * Math.Max((long)patches, LeastUsesOfWeight);
        long combinedNow = patches <= most ? Math.Max((36 * patches) + CombineCost, 9 * LeastUsesOfWeight) : long.MaxValue;
        return LeastGain * Math.Min(combinedBefore, combinedNow) > direct ? null : new PatchLayout(patches, most, combinedNow < combinedBefore ? MostSliceInputs : null);
    }
}
