namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Operators over scores.</summary>
internal static class ChoiceEvaluator
{
    internal static Tensor ArgMax(Tensor x) => PerPixel(x, 1, values => [Array.IndexOf(values, values.Max())]);

    internal static Tensor Softmax(Tensor x) => PerPixel(x, x.Channels, values =>
    {
        double[] powers = [.. values.Select(v => Math.Exp((double)v - values.Max()))];
        return [.. powers.Select(p => (float)(p / powers.Sum()))];
    });

    internal static Tensor Gate(Tensor[] inputs) => inputs[1 + Array.IndexOf(inputs[0].Values, inputs[0].Values.Max())];

    private static Tensor PerPixel(Tensor x, int channels, Func<float[], float[]> function)
    {
        var result = Tensor.Zeros(channels, x.Height, x.Width);
        for (int pixel = 0; pixel < x.PlaneSize; pixel++)
        {
            float[] values = function([.. Enumerable.Range(0, x.Channels).Select(c => x.Plane(c)[pixel])]);
            for (int c = 0; c < channels; c++) result.Plane(c)[pixel] = values[c];
        }

        return result;
    }
}
