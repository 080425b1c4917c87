using System.Security.Cryptography;
using System.Text;
using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Descriptors;

/// <summary>
/// The content hash of a network: what it computes, not how its file looks. SHA-256 over the UTF-8 text that the writer makes without
/// description, hash and weight data, and then the stored bytes of each weight, in the order in which nodes first name them.
/// Comments, formatting, property order and the description do not change it; a name, a property or one bit of a weight does.
/// </summary>
public static class DescriptorHash
{
    /// <summary><c>sha256:</c> and 64 hexadecimal digits.</summary>
    /// <exception cref="ArgumentException">The graph has no form in a descriptor; see <see cref="DescriptorWriter.Write"/>.</exception>
    public static string Compute(NetworkGraph graph)
    {
        var weights = WeightList.Of(graph);
        using var sha = SHA256.Create();
        Append(sha, Encoding.UTF8.GetBytes(DescriptorWriter.WriteStructure(graph, weights)));
        foreach (StoredWeight weight in weights.Items) Append(sha, weight.Bytes);
        sha.TransformFinalBlock([], 0, 0);
        return "sha256:" + string.Concat(sha.Hash!.Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static void Append(HashAlgorithm sha, byte[] bytes) => sha.TransformBlock(bytes, 0, bytes.Length, null, 0);
}
