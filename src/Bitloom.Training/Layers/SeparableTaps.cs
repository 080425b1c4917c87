using Bitloom.Compiler.Operators;

namespace Bitloom.Training.Layers;

/// <summary>What rows and columns the operators of <see cref="SeparableLayer{TOperator}"/> read.</summary>
internal static class SeparableTaps
{
    internal static Layer Pad(LayerSource source, Pad pad) => new SeparableLayer<Pad>(
        source, (y, size) => Padded(y - pad.Top, size, pad.Mode), (x, size) => Padded(x - pad.Left, size, pad.Mode));

    internal static Layer PadToMultiple(LayerSource source, PadToMultiple pad) => new SeparableLayer<PadToMultiple>(
        source, (y, size) => Padded(y, size, pad.Mode), (x, size) => Padded(x, size, pad.Mode));

    internal static Layer Crop(LayerSource source, Crop crop) => new SeparableLayer<Crop>(source, (y, _) => AxisTaps.One(y + crop.Top), (x, _) => AxisTaps.One(x + crop.Left));

    internal static Layer AveragePool(LayerSource source, AveragePool pool) => new SeparableLayer<AveragePool>(
        source,
        (y, size) => Mean((y * pool.Window.StrideY) - pool.Window.PadTop, pool.Window.DilationY, pool.Kernel.Rows, size, pool.CountsPadding),
        (x, size) => Mean((x * pool.Window.StrideX) - pool.Window.PadLeft, pool.Window.DilationX, pool.Kernel.Columns, size, pool.CountsPadding));

    internal static Layer GlobalAveragePool(LayerSource source) => new SeparableLayer<GlobalAveragePool>(
        source, (_, size) => Mean(0, 1, size, size, countsPadding: true), (_, size) => Mean(0, 1, size, size, countsPadding: true));

    internal static Layer Resize(LayerSource source, Resize resize) => new SeparableLayer<Resize>(
        source, (y, size) => Resampled(resize, y, size, source.Output.Height), (x, size) => Resampled(resize, x, size, source.Output.Width));

    private static AxisTaps Padded(int position, int size, PadMode mode)
    {
        if (position >= 0 && position < size) return AxisTaps.One(position);
        int reflected = position < 0 ? -position : (2 * (size - 1)) - position;
        if (mode == PadMode.Zero) return AxisTaps.None;
        return reflected >= 0 && reflected < size ? AxisTaps.One(reflected)
            : throw new TrainingException(Invariant($"a reflection needs more than {size} rows or columns: give larger images"));
    }

    // The part of a window that lies in the image, or its share of the whole.
    private static AxisTaps Mean(int first, int dilation, int count, int size, bool countsPadding)
    {
        int[] inside = [.. Enumerable.Range(0, count).Select(i => first + (i * dilation)).Where(i => i >= 0 && i < size)];
        return new AxisTaps(inside, [.. inside.Select(_ => 1f / (countsPadding ? count : inside.Length))]);
    }

    private static AxisTaps Resampled(Resize resize, int output, int from, int to)
    {
        double ratio = resize.IsFixed ? (double)from / to : (double)resize.Divisor / resize.Multiplier;
        double place = resize.Coordinates switch
        {
            ResizeCoordinates.HalfPixel => ((output + 0.5) * ratio) - 0.5,
            ResizeCoordinates.AlignCorners => to > 1 ? output * (from - 1.0) / (to - 1.0) : 0,
            _ => output * ratio,
        };
        int first = (int)Math.Floor(place);
        double share = place - first;
        int Inside(int index) => Math.Clamp(index, 0, from - 1);
        return resize.Method switch
        {
            ResizeMethod.Nearest => AxisTaps.One(Inside(resize.Coordinates == ResizeCoordinates.Asymmetric ? first : (int)Math.Floor(place + 0.5))),
            ResizeMethod.Bilinear => new AxisTaps([Inside(first), Inside(first + 1)], [(float)(1 - share), (float)share]),
            _ => new AxisTaps([.. Enumerable.Range(-1, 4).Select(i => Inside(first + i))], [.. Enumerable.Range(-1, 4).Select(i => (float)Cubic(Math.Abs(share - i)))]),
        };
    }

    // Keys' cubic convolution with a = -0.75.
    private static double Cubic(double distance)
    {
        const double a = -0.75;
        return distance <= 1
            ? ((((a + 2) * distance) - (a + 3)) * distance * distance) + 1
            : ((((((distance - 5) * distance) + 8) * distance) - 4) * a);
    }
}
