using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Architectures;

namespace Bitloom.Benchmarks.Networks;

/// <summary>One layer of a classifier by itself.</summary>
/// <param name="Network">The classifier.</param>
/// <param name="Name">Operator and channels.</param>
/// <param name="Channels">Channels read.</param>
/// <param name="Size">Height and width of what is read.</param>
/// <param name="Operators">What is computed, one after the other, given weights.</param>
internal sealed record LayerShape(string Network, string Name, int Channels, int Size, Func<WeightSource, Operator[]> Operators)
{
    private const ulong Seed = 2106_02898;

    /// <summary>The layer between a dense input and a dense output of fixed size.</summary>
    internal NetworkGraph Build()
    {
        var nodes = new List<Node>();
        foreach (Operator @operator in Operators(new SyntheticWeights(Seed)))
        {
            string input = nodes.Count == 0 ? "input" : nodes[^1].Name;
            nodes.Add(new Node(FormattableString.Invariant($"{@operator.Kind}{nodes.Count}"), @operator, [input], SourceLocation.None));
        }

        var shape = new TensorShape(Channels, Extent.Constant(Size), Extent.Constant(Size));
        return new NetworkGraph(
            "layer", "", [new GraphInput("input", shape, SourceLocation.None)], nodes.ToEquatableArray(), [new GraphOutput("output", nodes[^1].Name, SourceLocation.None)]);
    }
}

/// <summary>Every distinct shape of convolution, linear layer and pooling in the classifiers that are measured, with the activation that follows.</summary>
internal static class LayerNetworks
{
    /// <summary>The shapes, network by network.</summary>
    internal static IReadOnlyList<LayerShape> All { get; } =
    [
        .. ResNet50(224), .. ResNet50(168), .. ResNet50(112), .. ResNet18(), .. MobileNetV2(),
    ];

    private static IEnumerable<LayerShape> ResNet50(int resolution)
    {
        string network = FormattableString.Invariant($"ResNet-50 at {resolution}");
        int size = (resolution + 3) / 4;
        yield return Conv(network, 3, 64, 7, 2, resolution);
        yield return new LayerShape(network, "max pool 3x3/2, 64 channels", 64, (resolution + 1) / 2, _ => [new MaxPool((3, 3), new Window(2, 2, 1, 1, 1, 1))]);
        yield return Conv(network, 64, 64, 1, 1, size);
        yield return Conv(network, 64, 64, 3, 1, size);
        yield return Conv(network, 64, 256, 1, 1, size);
        yield return Conv(network, 256, 64, 1, 1, size);
        for (int width = 128; width <= 512; width *= 2)
        {
            int half = (size + 1) / 2;
            yield return Conv(network, 2 * width, width, 1, 1, size);
            yield return Conv(network, width, width, 3, 2, size);
            yield return Conv(network, 2 * width, 4 * width, 1, 2, size);
            yield return Conv(network, width, 4 * width, 1, 1, half);
            yield return Conv(network, 4 * width, width, 1, 1, half);
            yield return Conv(network, width, width, 3, 1, half);
            size = half;
        }

        if (resolution < 224) yield break;
        yield return Pool(network, 2048, size);
        yield return Linear(network, 2048);
    }

    private static IEnumerable<LayerShape> ResNet18()
    {
        const string network = "ResNet-18 at 224";
        for ((int width, int size) = (128, 56); width <= 512; (width, size) = (2 * width, size / 2))
        {
            yield return Conv(network, width / 2, width, 3, 2, size);
            yield return Conv(network, width / 2, width, 1, 2, size);
        }

        yield return Linear(network, 512);
    }

    private static IEnumerable<LayerShape> MobileNetV2()
    {
        const string network = "MobileNetV2 at 224";
        (int From, int Middle, int To, int Stride, int Size)[] blocks =
        [
            (32, 32, 16, 1, 112), (16, 96, 24, 2, 112), (24, 144, 24, 1, 56), (24, 144, 32, 2, 56), (32, 192, 32, 1, 28), (32, 192, 64, 2, 28),
            (64, 384, 64, 1, 14), (64, 384, 96, 1, 14), (96, 576, 96, 1, 14), (96, 576, 160, 2, 14), (160, 960, 160, 1, 7), (160, 960, 320, 1, 7),
        ];
        var seen = new HashSet<string>();
        var shapes = new List<LayerShape> { Conv(network, 3, 32, 3, 2, 224, isClipped: true) };
        foreach ((int from, int middle, int to, int stride, int size) in blocks)
        {
            if (middle > from) shapes.Add(Conv(network, from, middle, 1, 1, size, isClipped: true));
            shapes.Add(Conv(network, middle, middle, 3, stride, size, groups: middle, isClipped: true));
            shapes.Add(Conv(network, middle, to, 1, 1, size / stride, isActive: false));
        }

        shapes.Add(Conv(network, 320, 1280, 1, 1, 7, isClipped: true));
        shapes.Add(Pool(network, 1280, 7));
        shapes.Add(Linear(network, 1280));
        return shapes.Where(s => seen.Add(FormattableString.Invariant($"{s.Name} {s.Size}")));
    }

    private static LayerShape Conv(string network, int from, int to, int kernel, int stride, int size, int groups = 1, bool isClipped = false, bool isActive = true)
    {
        string name = FormattableString.Invariant($"{(groups > 1 ? "depthwise" : "conv")} {kernel}x{kernel}{(stride > 1 ? FormattableString.Invariant($"/{stride}") : "")}, {(groups > 1 ? FormattableString.Invariant($"{from} channels") : FormattableString.Invariant($"{from} to {to}"))}");
        int pad = kernel / 2;
        return new LayerShape(network, name, from, size, weights =>
        {
            int[] shape = [to, from / groups, kernel, kernel];
            var weight = new FloatTensor("conv.weight", shape.ToEquatableArray(), weights.Take("conv.weight", shape).ToEquatableArray());
            var conv = new Conv2d(weight, FloatTensor.Vector("conv.bias", weights.Take("conv.bias", to)), new Window(stride, stride, pad, pad, pad, pad), groups);
            return !isActive ? [conv] : isClipped ? [conv, new Clip(0, 6)] : [conv, new Relu()];
        });
    }

    private static LayerShape Linear(string network, int from) => Conv(network, from, 1000, 1, 1, 1, isActive: false);

    private static LayerShape Pool(string network, int channels, int size) =>
        new(network, FormattableString.Invariant($"global average pool, {channels} channels"), channels, size, _ => [new GlobalAveragePool()]);
}
