using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Architectures;
using Bitloom.Training.State;

namespace Bitloom.Training.Ghosts;

/// <summary>
/// Where the channels of a dense EDSR go in one with ghosts. Residual adds join channels by number, so the stream through all blocks, to which
/// the head, the second convolution of every block and the convolution behind the blocks add, has one order; what is between the two convolutions of a
/// block has an order of its own.
/// </summary>
/// <param name="Stream">At each place of the stream, the parent's channel.</param>
/// <param name="Hidden">For each block, at each place between its convolutions, the parent's channel.</param>
internal sealed record EdsrOrders(int[] Stream, IReadOnlyList<int[]> Hidden)
{
    /// <summary>Chooses orders by the filters: a channel of the stream is all second convolutions' filters for it, one after the other.</summary>
    /// <param name="parent">The dense parent's constants by name.</param>
    /// <param name="network">The network with ghosts.</param>
    /// <param name="random">Where the starts of k-means come from.</param>
    internal static EdsrOrders Choose(IReadOnlyDictionary<string, FloatTensor> parent, Edsr network, CounterRandom random)
    {
        int channels = network.Channels, intrinsic = network.Ghosts.IntrinsicOf(channels);
        float[][] FiltersOf(int block, int convolution) => [.. parent[KernelOf(block, convolution)].Values.Chunk(channels * 9)];
        int[][] hidden = [.. Enumerable.Range(0, network.Blocks).Select(b => ChannelOrder.Choose(FiltersOf(b, 0), intrinsic, random))];
        float[][][] second = [.. Enumerable.Range(0, network.Blocks).Select(b => FiltersOf(b, 2))];
        float[][] stream = [.. Enumerable.Range(0, channels).Select(c => second.SelectMany(filters => filters[c]).ToArray())];
        return new EdsrOrders(ChannelOrder.Choose(stream, intrinsic, random), hidden);
    }

    /// <summary>The orders of a layer's outputs and inputs; null where channels stay where they are.</summary>
    /// <param name="layer">Module path of a convolution of the dense network.</param>
    internal (int[]? Outputs, int[]? Inputs) Of(string layer)
    {
        string[] parts = layer.Split('.');
        if (parts is ["body", var block, "body", var convolution])
        {
            int[] own = Hidden[int.Parse(block, CultureInfo.InvariantCulture)];
            return convolution == "0" ? (own, Stream) : (Stream, own);
        }

        return layer switch
        {
            "head.0" => (Stream, null),
            "tail.0.0" => (null, Stream),
            _ => parts is ["body", _] ? (Stream, Stream) : (null, null),
        };
    }

    private static string KernelOf(int block, int convolution) => Invariant($"body.{block}.body.{convolution}.weight");
}
