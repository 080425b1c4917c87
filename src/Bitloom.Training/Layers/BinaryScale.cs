namespace Bitloom.Training.Layers;

/// <summary>The scale of binary weights.</summary>
internal static class BinaryScale
{
    /// <summary>mean|w|, summed in double as the importer does, so that a network frozen and one imported have equal scales.</summary>
    internal static float MeanMagnitude(ReadOnlySpan<float> weights)
    {
        double sum = 0;
        foreach (float weight in weights) sum += Math.Abs((double)weight);
        return (float)(sum / weights.Length);
    }
}
