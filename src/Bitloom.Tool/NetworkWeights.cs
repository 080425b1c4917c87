using Bitloom.Compiler.Graph;

namespace Bitloom.Tool;

/// <summary>How many weights a network has; a weight that several nodes share counts once.</summary>
/// <param name="Binary">One-bit parameters.</param>
/// <param name="Float">fp32 parameters.</param>
/// <param name="StoredBytes">Bytes that both take in a descriptor, before base64.</param>
internal sealed record NetworkWeights(long Binary, long Float, long StoredBytes)
{
    /// <summary>Counts.</summary>
    internal static NetworkWeights Of(NetworkGraph graph)
    {
        BitTensor[] bits = [.. graph.Nodes.SelectMany(n => n.Operator.BitWeights).DistinctBy(w => w.Name)];
        FloatTensor[] floats = [.. graph.Nodes.SelectMany(n => n.Operator.FloatWeights).DistinctBy(w => w.Name)];
        long binary = bits.Sum(b => (long)b.Shape[0] * b.BitsPerOutput), single = floats.Sum(f => (long)f.Values.Count);
        return new NetworkWeights(binary, single, (single * sizeof(float)) + bits.Sum(b => b.Shape[0] * ((b.BitsPerOutput + 7L) / 8)));
    }
}
