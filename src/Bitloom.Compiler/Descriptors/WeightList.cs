using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Descriptors;

/// <summary>A weight as it stands in a descriptor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>bits</c> or <c>float32</c>.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Tensor">The <see cref="BitTensor"/> or <see cref="FloatTensor"/>.</param>
internal sealed record StoredWeight(string Name, string Type, EquatableArray<int> Shape, object Tensor)
{
    /// <summary>The stored bytes; made on each call.</summary>
    public byte[] Bytes => Tensor is BitTensor bits ? WeightData.ToBytes(bits) : WeightData.ToBytes((FloatTensor)Tensor);
}

/// <summary>The weights of a graph, each once, in the order in which nodes first name them.</summary>
internal sealed class WeightList
{
    private readonly List<StoredWeight> _items = [];
    private readonly Dictionary<string, StoredWeight> _byName = new(StringComparer.Ordinal);

    private WeightList()
    {
    }

    public IReadOnlyList<StoredWeight> Items => _items;

    /// <exception cref="ArgumentException">Two different weights have the same name, or a weight is not what its shape says.</exception>
    public static WeightList Of(NetworkGraph graph)
    {
        var list = new WeightList();
        foreach (Node node in graph.Nodes)
        {
            foreach (BitTensor bits in node.Operator.BitWeights)
                list.Add(new StoredWeight(bits.Name, "bits", bits.Shape, bits), bits.Shape.Count == 4 && bits.Words.Count == bits.Shape[0] * bits.WordsPerOutput);
            foreach (FloatTensor floats in node.Operator.FloatWeights)
                list.Add(new StoredWeight(floats.Name, "float32", floats.Shape, floats), floats.Values.Count == floats.Shape.Aggregate(1L, (size, d) => size * d));
        }

        return list;
    }

    private void Add(StoredWeight weight, bool fits)
    {
        if (!fits) throw new ArgumentException($"the weight '{weight.Name}' does not hold as many values as its shape {weight.Shape} says", nameof(weight));
        if (!_byName.TryGetValue(weight.Name, out StoredWeight known))
        {
            _byName.Add(weight.Name, weight);
            _items.Add(weight);
        }
        else if (!ReferenceEquals(known.Tensor, weight.Tensor) && known != weight)
        {
            throw new ArgumentException($"two different weights are called '{weight.Name}': a descriptor needs one name for each", nameof(weight));
        }
    }
}
