using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Resampling to any size: each output pixel weighs pixels around its place, rows and columns apart, in double, rounded once.</summary>
internal static class ResampleEvaluator
{
    internal static Tensor Evaluate(Resize resize, Tensor x)
    {
        TensorShape shape = resize.InferShape([new TensorShape(x.Channels, Extent.Constant(x.Height), Extent.Constant(x.Width))]).Shape!;
        var none = new Dictionary<string, int>();
        var result = Tensor.Zeros(x.Channels, shape.Height.Evaluate(none), shape.Width.Evaluate(none));
        for (int y = 0; y < result.Height; y++)
            for (int column = 0; column < result.Width; column++)
            {
                (int Index, double Weight)[] rows = Taps(resize, y, x.Height, result.Height), columns = Taps(resize, column, x.Width, result.Width);
                for (int channel = 0; channel < x.Channels; channel++)
                    result[channel, y, column] = (float)rows.Sum(r => r.Weight * columns.Sum(c => c.Weight * x[channel, r.Index, c.Index]));
            }

        return result;
    }

    private static (int Index, double Weight)[] Taps(Resize resize, int output, int from, int to)
    {
        // Multiplied before divided: whole places stay whole.
        double Scaled(double position) => resize.IsFixed ? position * from / to : position * resize.Divisor / resize.Multiplier;
        double place = resize.Coordinates switch
        {
            ResizeCoordinates.HalfPixel => Scaled(output + 0.5) - 0.5,
            ResizeCoordinates.AlignCorners => to > 1 ? output * (from - 1.0) / (to - 1.0) : 0,
            _ => Scaled(output),
        };
        int first = (int)Math.Floor(place);
        double share = place - first;
        int Clamp(int index) => Math.Clamp(index, 0, from - 1);
        switch (resize.Method)
        {
            case ResizeMethod.Nearest:
                return [(Clamp(resize.Coordinates == ResizeCoordinates.Asymmetric ? first : (int)Math.Floor(place + 0.5)), 1)];
            case ResizeMethod.Bilinear:
                return [(Clamp(first), 1 - share), (Clamp(first + 1), share)];
            default:
                return [.. Enumerable.Range(-1, 4).Select(i => (Clamp(first + i), Cubic(Math.Abs(share - i))))];
        }
    }

    private static double Cubic(double distance)
    {
        const double a = -0.75;
        return distance <= 1
            ? ((((a + 2) * distance) - (a + 3)) * distance * distance) + 1
            : ((((((distance - 5) * distance) + 8) * distance) - 4) * a);
    }
}
