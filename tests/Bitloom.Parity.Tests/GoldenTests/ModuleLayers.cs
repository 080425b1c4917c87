using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Parity.Tests.RandomGraphs;

namespace Bitloom.Parity.Tests.GoldenTests;

/// <summary>Layers built by hand from a PyTorch state dictionary, by module name; each returns the tensor that it makes.</summary>
internal sealed class ModuleLayers(GraphDraft draft, GoldenFile weights)
{
    /// <summary>Residual alignment's factor, as in make_goldens.py.</summary>
    internal const float Alignment = 130;

    internal string Multiply(string x) => draft.Add(new Scale(Alignment), x);

    internal string Divide(string x) => draft.Add(new Scale(1 / Alignment), x);

    internal string Add(string left, string right) => draft.Add(new Add(), left, right);

    internal string Convolution(string module, string x, Window window, int groups = 1) =>
        draft.Add(new Conv2d(weights.Weight(Name(module, "weight")), Bias(module), window, groups), x);

    /// <summary>A binary convolution with its scale and bias: the mean magnitude of the real weights, and their signs.</summary>
    internal string BinaryConvolution(string module, string signs, Window window, int groups = 1)
    {
        string name = Name(module, "weight");
        int[] shape = weights.Shape(name);
        float[] values = weights.Values(name);
        int perOutput = values.Length / shape[0];
        float[] scale = [.. values.Chunk(perOutput).Select(w => (float)w.Average(v => Math.Abs((double)v)))];
        string sums = draft.Add(new BinaryConv2d(BitTensor.FromSigns(name, [shape[0], shape[1], shape[2], shape[3]], values), window, groups), signs);
        return draft.Add(new Affine(FloatTensor.Vector(name + ".scale", scale), Bias(module)), sums);
    }

    internal string RPRelu(string module, string x) => draft.Add(
        new RPRelu(weights.Vector(Name(module, "pr_bias0.bias")), weights.Vector(Name(module, "pr_prelu.weight")), weights.Vector(Name(module, "pr_bias1.bias"))), x);

    internal string BatchNorm(string module, string x) => draft.Add(
        new BatchNorm(
            weights.Vector(Name(module, "weight")), weights.Vector(Name(module, "bias")),
            weights.Vector(Name(module, "running_mean")), weights.Vector(Name(module, "running_var")), 1e-5f), x);

    /// <summary>Threshold, sign, convolution: what all forms of the unit share.</summary>
    internal string Sums(string unit, string x)
    {
        string moved = draft.Add(new Affine(null, weights.Vector(Name(unit, "move0.bias"))), x);
        return BinaryConvolution(Name(unit, "binary_conv"), draft.Add(new Sign(), moved), Window.Padded(1));
    }

    internal string Branch(string unit, string x) => RPRelu(Name(unit, "relu"), Sums(unit, x));

    /// <summary>V4, part B.</summary>
    internal string Unit(string unit, string x) => Add(Branch(unit, x), x);

    internal string UnitV1(string unit, string x) => RPRelu(Name(unit, "relu"), Add(BatchNorm(Name(unit, "bn"), Sums(unit, x)), x));

    internal string UnitV2(string unit, string x) => RPRelu(Name(unit, "relu"), Add(Sums(unit, x), x));

    internal string Head(string unit, string x)
    {
        string branch = Branch(unit, x);
        return Add(branch, draft.Add(SelectChannels.RepeatThenFirst(draft.Shapes[x].Channels, draft.Shapes[branch].Channels), x));
    }

    internal string Up(string unit, string x, int factor) =>
        Add(draft.Add(new PixelShuffle(factor), Branch(unit, x)), draft.Add(new ResizeNearest(factor), x));

    internal string Tail(string unit, string x, string image, int factor) => Add(Branch(unit, x), draft.Add(new ResizeBilinear(factor), image));

    /// <summary>Applies a layer to module.0, module.1 and so on, as many as there are.</summary>
    internal string Sequence(string module, string x, Func<string, string, string> layer)
    {
        for (int i = 0; weights.Names.Any(n => n.StartsWith($"{Name(module, $"{i}")}.", StringComparison.Ordinal)); i++) x = layer(Name(module, $"{i}"), x);
        return x;
    }

    private FloatTensor? Bias(string module) => weights.Has(Name(module, "bias")) ? weights.Vector(Name(module, "bias")) : null;

    private static string Name(string module, string part) => module.Length == 0 ? part : $"{module}.{part}";
}
