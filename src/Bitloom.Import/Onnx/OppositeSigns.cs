using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx;

/// <summary>
/// Makes the signs of -x beside those of x, each once, with the same choices of channels after them. Where x is 0, both are +1.
/// <code>
///   given   x -> Sign -> SelectChannels
///   made    x -> Scale(-1) -> Sign -> SelectChannels
/// </code>
/// </summary>
internal sealed class OppositeSigns(Conversion conversion)
{
    private readonly Dictionary<string, ImageValue> _made = new(StringComparer.Ordinal);

    /// <summary>The opposite of a tensor of signs.</summary>
    /// <param name="reader">The node that asks for it.</param>
    /// <param name="signs">Signs.</param>
    /// <exception cref="ImportException">The network has too many nodes.</exception>
    internal ImageValue Of(OnnxNode reader, ImageValue signs)
    {
        if (_made.TryGetValue(signs.Tensor, out ImageValue? known)) return known with { Order = signs.Order };
        Node node = conversion.MakerOf(signs.Tensor)!;
        ImageValue[] inputs = [.. node.Inputs.Select(conversion.ImageOf)];
        ImageValue[] opposites = node.Operator is Sign
            ? [conversion.AppendNamed(reader, node.Name + ".negative", new Scale(-1), inputs[0])]
            : [.. inputs.Select(i => Of(reader, i))];
        ImageValue opposite = conversion.AppendNamed(reader, node.Name + ".opposite", node.Operator, opposites) with { Order = signs.Order };
        _made.Add(signs.Tensor, opposite);
        return opposite;
    }
}
