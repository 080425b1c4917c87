using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Pooling over windows and whole images. Sums are taken in fp32, row by row of the window; global ones in double.</summary>
internal static class PoolingEvaluator
{
    internal static Tensor Average(AveragePool pool, Tensor x) => Slide(pool.Kernel, pool.Window, x, pixels =>
    {
        float sum = 0;
        int inside = 0;
        foreach (float? pixel in pixels)
        {
            sum = (float)(sum + (pixel ?? 0));
            if (pixel is not null) inside++;
        }

        return (float)(sum / (pool.CountsPadding ? pixels.Count : inside));
    });

    internal static Tensor Maximum(MaxPool pool, Tensor x) => Slide(pool.Kernel, pool.Window, x, pixels => pixels.Max()!.Value);

    internal static Tensor Global(Tensor x) =>
        new(x.Channels, 1, 1, [.. Enumerable.Range(0, x.Channels).Select(c => (float)(x.Plane(c).ToArray().Sum(v => (double)v) / x.PlaneSize))]);

    // The pixels of each window, row by row; null where one lies outside the image.
    private static Tensor Slide((int Rows, int Columns) kernel, Window window, Tensor x, Func<List<float?>, float> reduce)
    {
        var sizes = new Dictionary<string, int>();
        var result = Tensor.Zeros(
            x.Channels, window.OutputHeight(Extent.Constant(x.Height), kernel.Rows).Evaluate(sizes), window.OutputWidth(Extent.Constant(x.Width), kernel.Columns).Evaluate(sizes));
        var pixels = new List<float?>();
        for (int channel = 0; channel < x.Channels; channel++)
            for (int y = 0; y < result.Height; y++)
                for (int column = 0; column < result.Width; column++)
                {
                    pixels.Clear();
                    for (int ky = 0; ky < kernel.Rows; ky++)
                        for (int kx = 0; kx < kernel.Columns; kx++)
                        {
                            int row = (y * window.StrideY) - window.PadTop + (ky * window.DilationY), at = (column * window.StrideX) - window.PadLeft + (kx * window.DilationX);
                            pixels.Add(row >= 0 && row < x.Height && at >= 0 && at < x.Width ? x[channel, row, at] : null);
                        }

                    result[channel, y, column] = reduce(pixels);
                }

        return result;
    }
}
