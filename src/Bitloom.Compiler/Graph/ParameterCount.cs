namespace Bitloom.Compiler.Graph;

/// <summary>How many weights a network has; a weight that several nodes share counts once.</summary>
/// <param name="Binary">One-bit parameters.</param>
/// <param name="Float">fp32 parameters.</param>
/// <param name="StoredBytes">Bytes that both take in a descriptor, before base64.</param>
public sealed record ParameterCount(long Binary, long Float, long StoredBytes)
{
    /// <summary>Parameters of both kinds.</summary>
    public long All => Binary + Float;

    /// <summary>Counts.</summary>
    public static ParameterCount Of(NetworkGraph graph)
    {
        BitTensor[] bits = [.. graph.Nodes.SelectMany(n => n.Operator.BitWeights).GroupBy(w => w.Name).Select(w => w.First())];
        long single = graph.Nodes.SelectMany(n => n.Operator.FloatWeights).GroupBy(w => w.Name).Sum(w => (long)w.First().Values.Count);
        return new ParameterCount(
            bits.Sum(b => (long)b.Shape[0] * b.BitsPerOutput),
            single,
            (single * sizeof(float)) + bits.Sum(b => b.Shape[0] * ((b.BitsPerOutput + 7L) / 8)));
    }
}
