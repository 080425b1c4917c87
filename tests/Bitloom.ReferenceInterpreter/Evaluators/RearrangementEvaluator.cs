using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Operators that move values without computing.</summary>
internal static class RearrangementEvaluator
{
    internal static Tensor PixelShuffle(PixelShuffle shuffle, Tensor x)
    {
        int factor = shuffle.Factor;
        var result = Tensor.Zeros(x.Channels / (factor * factor), x.Height * factor, x.Width * factor);
        for (int channel = 0; channel < result.Channels; channel++)
            for (int y = 0; y < result.Height; y++)
                for (int column = 0; column < result.Width; column++)
                    result[channel, y, column] = x[(((channel * factor) + (y % factor)) * factor) + (column % factor), y / factor, column / factor];
        return result;
    }

    internal static Tensor Subsample(Subsample subsample, Tensor x, IReadOnlyDictionary<string, int> sizes)
    {
        var result = Tensor.Zeros(x.Channels, subsample.Height.Evaluate(sizes), subsample.Width.Evaluate(sizes));
        for (int channel = 0; channel < result.Channels; channel++)
            for (int y = 0; y < result.Height; y++)
                for (int column = 0; column < result.Width; column++)
                    result[channel, y, column] = x[channel, (y * subsample.StrideY) + subsample.OffsetY, (column * subsample.StrideX) + subsample.OffsetX];
        return result;
    }

    internal static Tensor SelectChannels(SelectChannels select, Tensor x)
    {
        var result = Tensor.Zeros(select.Channels.Count, x.Height, x.Width);
        for (int channel = 0; channel < result.Channels; channel++) x.Plane(select.Channels[channel]).CopyTo(result.Plane(channel));
        return result;
    }

    internal static Tensor Concat(Tensor[] inputs) =>
        new(inputs.Sum(x => x.Channels), inputs[0].Height, inputs[0].Width, [.. inputs.SelectMany(x => x.Values)]);
}
