using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Parity.Tests.RandomGraphs;

namespace Bitloom.Parity.Tests.GoldenTests;

/// <summary>BBCU networks (arXiv 2210.00405) built by hand from a state dictionary, apart from the importer's own builders.</summary>
internal static class BbcuGraphs
{
    internal static NetworkGraph SuperResolution(string name, GoldenFile weights, int factor, bool binaryUpsampling)
    {
        var draft = new GraphDraft();
        var layers = new ModuleLayers(draft, weights);
        string x = layers.Multiply(draft.Input("input", 3));
        string y = draft.Add(new LeakyRelu(0.1f), layers.Convolution("conv_first", x, Window.Padded(1)));
        y = layers.Sequence("body", y, layers.Unit);
        int step = factor == 4 ? 2 : factor;
        y = layers.Sequence("ups", y, binaryUpsampling ? (unit, t) => layers.Up(unit, t, step) : ConvolutionUp);
        y = binaryUpsampling ? layers.Unit("conv_hr", y) : layers.Convolution("conv_hr", y, Window.Padded(1));
        y = layers.Convolution("conv_last", draft.Add(new LeakyRelu(0.1f), y), Window.Padded(1));
        return draft.Finish(name, layers.Divide(layers.Add(y, draft.Add(new ResizeBilinear(factor), x))));

        string ConvolutionUp(string module, string t) =>
            draft.Add(new LeakyRelu(0.1f), draft.Add(new PixelShuffle(step), layers.Convolution($"{module}.0", t, Window.Padded(1))));
    }

    internal static NetworkGraph Denoiser(string name, GoldenFile weights)
    {
        var draft = new GraphDraft();
        var layers = new ModuleLayers(draft, weights);
        string x = layers.Multiply(draft.Input("input", weights.Shape("head.weight")[1]));
        string y = layers.Sequence("body", draft.Add(new Relu(), layers.Convolution("head", x, Window.Padded(1))), layers.Unit);
        return draft.Finish(name, layers.Divide(draft.Add(new Subtract(), x, layers.Convolution("tail", y, Window.Padded(1)))));
    }
}
