namespace Bitloom.Training.Kernels;

/// <summary>Copies between dense planes and output planes of a correlation, whose rows are <see cref="Correlation.OutputPitch"/> apart.</summary>
internal static unsafe class PlaneCopy
{
    /// <summary>Stores or adds a plane to every <paramref name="strideX"/>th pixel of every <paramref name="strideY"/>th row of a dense one.</summary>
    internal static void ToDense(float* plane, Correlation correlation, float* dense, int width, int strideY, int strideX, bool accumulate)
    {
        for (int y = 0; y < correlation.Rows; y++, plane += correlation.OutputPitch, dense += (nint)strideY * width)
        {
            if (strideX == 1) Elementwise.Copy(plane, dense, correlation.Columns, accumulate);
            else if (accumulate) for (int x = 0; x < correlation.Columns; x++) dense[(nint)x * strideX] += plane[x];
            else for (int x = 0; x < correlation.Columns; x++) dense[(nint)x * strideX] = plane[x];
        }
    }

    /// <summary>Copies a dense plane, with zeros in the gaps and after the end.</summary>
    internal static void FromDense(float* dense, Correlation correlation, float* plane)
    {
        new Span<float>(plane, correlation.OutputSize).Clear();
        for (int y = 0; y < correlation.Rows; y++, plane += correlation.OutputPitch, dense += correlation.Columns)
            Elementwise.Copy(dense, plane, correlation.Columns, accumulate: false);
    }
}
