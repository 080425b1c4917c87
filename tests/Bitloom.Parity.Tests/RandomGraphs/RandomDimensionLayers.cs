using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Parity.Tests.RandomGraphs;

/// <summary>Layers that change an image's size or number of channels, as those of BiSRNet, with random weights.</summary>
internal sealed class RandomDimensionLayers(GraphDraft draft, RandomValues values)
{
    /// <summary>Two units over the same input, joined; sometimes of different form, so that they stay two.</summary>
    internal string Increase(string x)
    {
        int channels = draft.Shapes[x].Channels, size = values.Pick(1, 3);
        string first = Unit(x, channels, size), second = Unit(x, channels, values.Chance(0.8) ? size : 4 - size);
        string joined = draft.Add(new Concat(), first, second);
        return values.Chance(0.4) ? draft.Add(new PRelu(Factors(2 * channels)), joined) : joined;
    }

    /// <summary>A unit over each part of the channels; halves are averaged, unequal parts joined again.</summary>
    internal string Decrease(string x)
    {
        int channels = draft.Shapes[x].Channels, first = channels / 2;
        if (first == 0) return Unit(x, channels, 3);
        string left = Unit(draft.Add(SelectChannels.Slice(0, first), x), first, 1);
        string right = Unit(draft.Add(SelectChannels.Slice(first, channels - first), x), channels - first, 1);
        return channels % 2 == 0 ? draft.Add(new Scale(0.5f), draft.Add(new Add(), left, right)) : draft.Add(new Concat(), left, right);
    }

    /// <summary>Rows and columns added or cut off, or both with a unit between.</summary>
    internal string Borders(string x)
    {
        PadMode mode = values.Chance(0.5) ? PadMode.Reflect : PadMode.Zero;
        int Some() => values.Pick(0, 1, 2);
        switch (values.Random.Next(3))
        {
            case 0: return draft.Add(new Pad(Some(), Some(), Some(), Some(), mode), x);
            case 1: return draft.Add(new Crop(Some(), Some(), Some(), Some()), x);
            default:
                string padded = draft.Add(new PadToMultiple((values.Pick(2, 4), values.Pick(1, 3, 8)), mode), x);
                return draft.Add(new CropLike(), values.Chance(0.5) ? Unit(padded, draft.Shapes[x].Channels, 3) : padded, x);
        }
    }

    /// <summary>The mean over windows: mostly halves of the image, sometimes any window.</summary>
    internal string Pool(string x)
    {
        if (values.Chance(0.6)) return draft.Add(new AveragePool((2, 2), new Window(2, 2)), x);
        int rows = values.Pick(1, 2, 3), columns = values.Pick(2, 3);
        var window = new Window(values.Pick(1, 2), values.Pick(1, 2, 3), rows - 1, values.Random.Next(columns), values.Random.Next(rows), columns - 1, 1, 1);
        return draft.Add(new AveragePool((rows, columns), window, values.Chance(0.5)), x);
    }

    /// <summary>Normalised over the channels of each pixel, and sometimes added to itself through a unit.</summary>
    internal string Norm(string x)
    {
        int channels = draft.Shapes[x].Channels;
        string norm = draft.Add(new LayerNorm(Factors(channels), Shifts(channels), 1e-5f), x);
        return values.Chance(0.5) ? draft.Add(new Add(), Unit(norm, channels, 1), x) : norm;
    }

    private string Unit(string x, int channels, int size)
    {
        string signs = draft.Add(new Sign(), draft.Add(new Affine(Factors(channels), Shifts(channels)), x));
        int groups = channels % 4 == 0 && values.Chance(0.3) ? channels / 4 : 1;
        string sums = draft.Add(new BinaryConv2d(values.Bits(draft.WeightName("bits"), channels, channels / groups, size, size), Window.Padded(size / 2), groups), signs);
        string bent = draft.Add(new RPRelu(Shifts(channels), Factors(channels), Shifts(channels)), draft.Add(new Affine(Factors(channels), null), sums));
        return draft.Add(new Add(), bent, x);
    }

    private FloatTensor Factors(int channels) => values.Vector(draft.WeightName("factor"), channels, values.Factor);

    private FloatTensor Shifts(int channels) => values.Vector(draft.WeightName("shift"), channels, () => values.Shift(1));
}
