using System.Runtime.Intrinsics;

namespace Bitloom.Training.Kernels;

/// <summary>Where a correlation's sums go.</summary>
/// <param name="planes">The first output plane; vector n is at 16 n.</param>
/// <param name="stride">Floats from plane to plane.</param>
internal readonly unsafe struct CorrelationTarget(float* planes, nint stride)
{
    internal readonly float* Planes = planes;

    internal readonly nint Stride = stride;

    /// <summary>A factor a plane, or null.</summary>
    internal float* Scale { get; init; }

    /// <summary>What is added to a plane after the scale, or null.</summary>
    internal float* Bias { get; init; }

    /// <summary>True where results are added to what the planes hold.</summary>
    internal bool Accumulates { get; init; }
}

/// <summary>Correlates source planes with packed weights, tile by tile.</summary>
internal static unsafe class CorrelationKernel
{
    /// <summary>Floats of packed weights.</summary>
    internal static int PackedSize(int outputs, int weights) => (outputs + CorrelationTile.Outputs - 1) / CorrelationTile.Outputs * CorrelationTile.Outputs * weights;

    /// <summary>Packs weights as tiles read them: 8 channels' beside one another, zeros for channels that are not there.</summary>
    /// <param name="packed">Receives <see cref="PackedSize"/> floats.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="weights">Weight k of channel o is at <c>o * stride + indices[k]</c>.</param>
    /// <param name="stride">Floats from channel to channel.</param>
    /// <param name="indices">Where each weight of a channel is.</param>
    internal static void Pack(float* packed, int outputs, float* weights, int stride, ReadOnlySpan<int> indices)
    {
        for (int tile = 0; tile < outputs; tile += CorrelationTile.Outputs)
        {
            int valid = Math.Min(CorrelationTile.Outputs, outputs - tile);
            float* first = weights + ((nint)tile * stride);
            foreach (int index in indices)
            {
                for (int o = 0; o < valid; o++) packed[o] = first[(o * stride) + index];
                for (int o = valid; o < CorrelationTile.Outputs; o++) packed[o] = 0;
                packed += CorrelationTile.Outputs;
            }
        }
    }

    /// <summary>Computes all output vectors. Three positions run through all channels before the next three, so that sources stay near.</summary>
    internal static void Run(Correlation correlation, float* source, float* packed, int outputs, in CorrelationTarget target)
    {
        int weights = correlation.Offsets.Length, count = correlation.Positions.Length, n = 0;
        Vector512<float>* aligned = stackalloc Vector512<float>[(CorrelationTile.Outputs * CorrelationTile.Vectors) + 1];
        float* sums = (float*)(((nint)aligned + 63) & ~(nint)63);
        fixed (int* positions = correlation.Positions, offsets = correlation.Offsets)
        {
            for (; n <= count - CorrelationTile.Vectors && Vector512.IsHardwareAccelerated; n += CorrelationTile.Vectors)
            {
                float* x0 = source + positions[n], x1 = source + positions[n + 1], x2 = source + positions[n + 2];
                for (int o = 0; o < outputs; o += CorrelationTile.Outputs)
                {
                    CorrelationTile.Run(x0, x1, x2, offsets, weights, packed + ((nint)o * weights), sums);
                    Store(sums, CorrelationTile.Vectors, n, o, Math.Min(CorrelationTile.Outputs, outputs - o), target);
                }
            }

            for (; n < count; n++)
            {
                for (int o = 0; o < outputs; o += CorrelationTile.Outputs)
                {
                    float* x = source + positions[n], own = packed + ((nint)o * weights);
                    if (Vector512.IsHardwareAccelerated) CorrelationTile.RunOne(x, offsets, weights, own, sums);
                    else NarrowTiles.Correlate(x, offsets, weights, own, sums);
                    Store(sums, 1, n, o, Math.Min(CorrelationTile.Outputs, outputs - o), target);
                }
            }
        }
    }

    /// <summary>Stores a tile's sums: so many vectors of each channel one after the other.</summary>
    internal static void Store(float* sums, int vectors, int position, int firstOutput, int outputs, in CorrelationTarget target)
    {
        for (int o = 0; o < outputs; o++)
        {
            float* plane = target.Planes + ((firstOutput + o) * target.Stride) + ((nint)position * Correlation.Lanes);
            for (int v = 0; v < vectors; v++, plane += Correlation.Lanes, sums += Correlation.Lanes)
            {
                Vector512<float> value = Vector512.Load(sums);
                if (target.Scale != null) value *= target.Scale[firstOutput + o];
                if (target.Bias != null) value += Vector512.Create(target.Bias[firstOutput + o]);
                if (target.Accumulates) value += Vector512.Load(plane);
                value.Store(plane);
            }
        }
    }
}
