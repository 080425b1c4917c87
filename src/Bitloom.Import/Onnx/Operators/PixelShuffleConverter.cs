using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>DepthToSpace: mode CRD is PyTorch's pixel shuffle; mode DCR, TensorFlow's, is one after a reordering of channels.</summary>
internal sealed class PixelShuffleConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["DepthToSpace"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        ImageValue input = conversion.Image(node, 0);
        long size = node.Integer("blocksize", 0);
        if (size is < 1 or > DescriptorLimits.Factor || input.Shape.Channels % (size * size) != 0)
            throw node.Refuse(FormattableString.Invariant($"a blocksize of {size} does not fit {input.Shape.Channels} channels"), "channels must be a multiple of its square");
        int block = (int)size, squared = block * block, channels = input.Shape.Channels / squared;
        if (node.Text("mode", "DCR") != "CRD")
        {
            IEnumerable<int> order = Enumerable.Range(0, input.Shape.Channels).Select(c => (c % squared * channels) + (c / squared));
            input = conversion.AppendNamed(node, node.Name + ".reordered", new SelectChannels(order.ToEquatableArray()), input);
        }

        conversion.Define(node, conversion.Append(node, new PixelShuffle(block), input));
    }
}
