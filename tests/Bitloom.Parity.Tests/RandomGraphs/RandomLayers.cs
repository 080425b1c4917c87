using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Parity.Tests.RandomGraphs;

/// <summary>Layers with random weights, appended to a draft; each returns the name of the tensor that it made.</summary>
internal sealed class RandomLayers(GraphDraft draft, RandomValues values)
{
    private readonly Dictionary<string, object> _weights = [];

    /// <summary>V4: <c>x + RPReLU(scale * conv(sign(x + t)))</c>, with some of its parts left out or replaced.</summary>
    internal string Unit(string x, int outputs)
    {
        int size = values.Pick(1, 3, 3, 3, 5), dilation = values.Pick(1, 1, 1, 2), pad = dilation * (size / 2);
        string y = Activation(Scaled(BinaryConvolution(x, outputs, new Window(1, 1, pad, pad, pad, pad, dilation, dilation), size)));
        return draft.Shapes[y] == draft.Shapes[x] && values.Chance(0.9) ? draft.Add(new Add(), y, x) : y;
    }

    /// <summary>A binary convolution with less padding than keeps the size, or more on one side than on the other.</summary>
    internal string PaddedUnit(string x)
    {
        int size = values.Pick(3, 5);
        (int top, int bottom) = Pads(size - 1);
        (int left, int right) = Pads(size - 1);
        return Activation(Scaled(BinaryConvolution(x, values.Pick(3, 16, 33), new Window(1, 1, top, left, bottom, right), size)));
    }

    /// <summary>U: the branch is shuffled to a larger image, the skip is repeated.</summary>
    internal string UpUnit(string x, int factor)
    {
        int channels = draft.Shapes[x].Channels;
        string branch = Activation(Scaled(BinaryConvolution(x, channels * factor * factor, Window.Padded(1), 3)));
        return draft.Add(new Add(), draft.Add(new PixelShuffle(factor), branch), draft.Add(new ResizeNearest(factor), x));
    }

    /// <summary>V2: <c>RPReLU(x + scale * conv(sign(x + t)))</c>.</summary>
    internal string SecondForm(string x) =>
        Activation(draft.Add(new Add(), Scaled(BinaryConvolution(x, draft.Shapes[x].Channels, Window.Padded(1), 3)), x));

    /// <summary>V1: <c>RPReLU(x + norm(scale * conv(sign(x + t))))</c>.</summary>
    internal string FirstForm(string x) =>
        Activation(draft.Add(new Add(), Norm(Scaled(BinaryConvolution(x, draft.Shapes[x].Channels, Window.Padded(1), 3))), x));

    /// <summary>A full-precision convolution with any window, sometimes with groups, followed by an activation.</summary>
    internal string Convolution(string x)
    {
        int channels = draft.Shapes[x].Channels, groups = Groups(channels), outputs = groups * values.Pick(1, 3, 8);
        int height = values.Pick(1, 3, 3, 5), width = values.Chance(0.8) ? height : 3, dilationY = values.Pick(1, 1, 2), dilationX = values.Pick(1, 1, 3);
        (int top, int bottom) = Pads(dilationY * (height - 1));
        (int left, int right) = Pads(dilationX * (width - 1));
        var window = new Window(values.Pick(1, 1, 2), values.Pick(1, 1, 2, 3), top, left, bottom, right, dilationY, dilationX);
        FloatTensor weight = Shared([outputs, channels / groups, height, width], () => values.Kernel(draft.WeightName("weight"), outputs, channels / groups, height, width));
        FloatTensor? bias = values.Chance(0.7) ? values.Vector(draft.WeightName("bias"), outputs, () => values.Shift(0.5)) : null;
        return Activation(draft.Add(new Conv2d(weight, bias, window, groups), x));
    }

    /// <summary>Every channel moved, all by the same pixels or each by its own; now and then further than the image reaches.</summary>
    internal string Shifted(string x)
    {
        int channels = draft.Shapes[x].Channels, far = values.Pick(1, 1, 1, 2, 7, 20);
        int[] Offsets() => [.. Enumerable.Range(0, values.Chance(0.5) ? 1 : channels).Select(_ => values.Random.Next(-far, far + 1))];
        return draft.Add(new Shift(Offsets().ToEquatableArray(), Offsets().ToEquatableArray()), x);
    }

    /// <summary>The channels of a tensor, then ghosts: all of them, or a choice, moved.</summary>
    internal string Ghosts(string x)
    {
        int channels = draft.Shapes[x].Channels;
        string chosen = values.Chance(0.6) ? x : draft.Add(new SelectChannels(Enumerable.Range(0, (channels / 2) + 1).Select(c => (c + 1) % channels).ToEquatableArray()), x);
        return draft.Add(new Concat(), x, Shifted(chosen));
    }

    /// <summary>
    /// GhostSR: layers of intrinsic channels and ghosts, with an activation between and a residual around them, or read by other operators.
    /// </summary>
    internal string GhostBlock(string x)
    {
        string hidden = Activation(Ghosts(Padded3x3(x, values.Pick(3, 16, 18))));
        int channels = draft.Shapes[x].Channels;
        string y = Ghosts(Padded3x3(hidden, values.Pick((channels + 1) / 2, 16)));
        return draft.Shapes[y] == draft.Shapes[x] ? draft.Add(new Add(), x, y) : values.Chance(0.5) ? Padded3x3(y, channels) : Activation(y);
    }

    private string Padded3x3(string x, int outputs)
    {
        int inputs = draft.Shapes[x].Channels;
        FloatTensor weight = Shared([outputs, inputs, 3, 3], () => values.Kernel(draft.WeightName("weight"), outputs, inputs, 3, 3));
        return draft.Add(new Conv2d(weight, values.Chance(0.5) ? values.Vector(draft.WeightName("bias"), outputs, () => values.Shift(0.5)) : null, Window.Padded(1)), x);
    }

    /// <summary>One elementwise operator.</summary>
    internal string Elementwise(string x)
    {
        int channels = draft.Shapes[x].Channels;
        return values.Random.Next(5) switch
        {
            0 => draft.Add(new Scale(values.Factor()), x),
            1 => draft.Add(new Affine(Factors(channels), values.Chance(0.7) ? Shifts(channels) : null), x),
            2 => draft.Add(new Affine(null, Shifts(channels)), x),
            _ => Activation(x),
        };
    }

    /// <summary>One operator that moves or resizes.</summary>
    internal string Rearrange(string x)
    {
        int channels = draft.Shapes[x].Channels;
        bool small = draft.Shapes[x].Width == Extent.Symbol("width") && channels <= 65;
        return values.Random.Next(4) switch
        {
            0 => draft.Add(SelectChannels.RepeatThenFirst(channels, Math.Min(channels + 7, 130)), x),
            1 => draft.Add(SelectChannels.Slice(channels / 3, channels - (channels / 3)), x),
            2 when small => draft.Add(values.Chance(0.5) ? new ResizeNearest(2) : new ResizeBilinear(values.Pick(2, 3, 4)), x),
            2 or 3 when channels % 4 == 0 => draft.Add(new PixelShuffle(2), x),
            _ => draft.Add(new SelectChannels(Enumerable.Range(0, channels).Reverse().ToEquatableArray()), x),
        };
    }

    private string BinaryConvolution(string x, int outputs, Window window, int size)
    {
        int channels = draft.Shapes[x].Channels, groups = values.Chance(0.4) ? values.Chance(0.5) ? SmallGroups(channels) : Groups(channels) : 1;
        if (outputs % groups != 0) groups = 1;
        if (values.Chance(0.85)) x = draft.Add(new Affine(values.Chance(0.3) ? Factors(channels) : null, Shifts(channels)), x);
        BitTensor weight = Shared([outputs, channels / groups, size, size], () => values.Bits(draft.WeightName("bits"), outputs, channels / groups, size, size));
        return draft.Add(new BinaryConv2d(weight, window, groups), draft.Add(new Sign(), x));
    }

    private string Scaled(string sums)
    {
        int channels = draft.Shapes[sums].Channels;
        return values.Chance(0.9) ? draft.Add(new Affine(Factors(channels), values.Chance(0.3) ? Shifts(channels) : null), sums) : sums;
    }

    private string Norm(string x)
    {
        int channels = draft.Shapes[x].Channels;
        FloatTensor variance = values.Vector(draft.WeightName("variance"), channels, () => values.IsShort ? values.Pick(0.1875f, 0.9375f, 3.9375f) : 0.5f + values.Random.NextSingle());
        return draft.Add(new BatchNorm(Factors(channels), Shifts(channels), Shifts(channels), variance, 0.0625f), x);
    }

    private string Activation(string x)
    {
        int channels = draft.Shapes[x].Channels;
        return values.Random.Next(6) switch
        {
            0 => x,
            1 => draft.Add(new Relu(), x),
            2 => draft.Add(new LeakyRelu(values.IsShort ? 0.25f : 0.1f), x),
            3 => draft.Add(new PRelu(Factors(channels)), x),
            _ => draft.Add(new RPRelu(Shifts(channels), Factors(channels), Shifts(channels)), x),
        };
    }

    /// <summary>Padding of two sides: usually what keeps the size, sometimes less, sometimes shifted; never beyond the kernel's reach.</summary>
    private (int First, int Last) Pads(int reach)
    {
        if (values.Chance(0.6)) return ((reach + 1) / 2, reach / 2);
        int first = values.Random.Next(reach + 1);
        return (first, values.Random.Next(reach - first + 1));
    }

    /// <summary>Now and then the weight that an earlier layer of equal shape has, as in recursive networks.</summary>
    private TWeight Shared<TWeight>(int[] shape, Func<TWeight> draw)
    {
        string key = $"{typeof(TWeight).Name} {string.Join(" x ", shape)}";
        if (_weights.TryGetValue(key, out object? earlier) && values.Chance(0.3)) return (TWeight)earlier;
        TWeight weight = draw();
        _weights[key] = weight!;
        return weight;
    }

    private int Groups(int channels) => values.Pick([.. new[] { 1, 1, 2, 3, 4, 5, channels }.Where(g => channels % g == 0)]);

    /// <summary>Groups of no more than 5 channels, which some kernels take in another way than larger ones.</summary>
    private int SmallGroups(int channels) => values.Pick([.. new[] { 1, 2, 3, 4, 4, 5 }.Where(size => channels % size == 0).Select(size => channels / size)]);

    private FloatTensor Factors(int channels) => values.Vector(draft.WeightName("factor"), channels, values.Factor);

    private FloatTensor Shifts(int channels) => Shared([channels], () => values.Vector(draft.WeightName("shift"), channels, () => values.Shift(1)));
}
