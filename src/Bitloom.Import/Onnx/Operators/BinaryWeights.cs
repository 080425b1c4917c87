namespace Bitloom.Import.Onnx.Operators;

/// <summary>How far weights are from +-scale with one scale an output channel.</summary>
internal static class BinaryWeights
{
    /// <summary>The scales, the largest relative deviation from them, and the output channel that has it.</summary>
    internal static (double[] Scales, double Deviation, int Worst) Measure(Grid<float> weight)
    {
        int outputs = weight.Dims[0], each = weight.Items.Length / outputs, worst = 0;
        var scales = new double[outputs];
        double deviation = 0;
        for (int o = 0; o < outputs; o++)
        {
            (double scale, double off) = Measure(weight.Items.AsSpan(o * each, each));
            scales[o] = scale;

            // Written so that a value that is no number counts as a deviation.
            if (off <= deviation) continue;
            (deviation, worst) = (off, o);
        }

        return (scales, deviation, worst);
    }

    // Exact zeros have no part in the scale and are no deviation.
    private static (double Scale, double Off) Measure(ReadOnlySpan<float> values)
    {
        double sum = 0, off = 0;
        int count = 0;
        foreach (float value in values)
        {
            if (value == 0) continue;
            sum += Math.Abs((double)value);
            count++;
        }

        if (count == 0) return (0, 0);
        double scale = sum / count;
        foreach (float value in values)
            if (value != 0) off = Math.Max(off, Math.Abs(Math.Abs((double)value) - scale));
        return (scale, off / scale);
    }
}
