using Bitloom.Compiler;
using Bitloom.Compiler.Operators;

namespace Bitloom.ReferenceInterpreter.Evaluators;

/// <summary>Operators that add, remove or move rows and columns.</summary>
internal static class BorderEvaluator
{
    internal static Tensor Pad(Pad pad, Tensor x) =>
        Pad(pad.Mode, x, pad.Top, pad.Left, x.Height + pad.Top + pad.Bottom, x.Width + pad.Left + pad.Right);

    internal static Tensor PadToMultiple(PadToMultiple pad, Tensor x) =>
        Pad(pad.Mode, x, 0, 0, RoundUp(x.Height, pad.Multiple.Rows), RoundUp(x.Width, pad.Multiple.Columns));

    internal static Tensor Crop(Crop crop, Tensor x) =>
        Map(x, x.Height - crop.Top - crop.Bottom, x.Width - crop.Left - crop.Right, (channel, y, column) => x[channel, y + crop.Top, column + crop.Left]);

    internal static Tensor CropLike(Tensor x, Tensor like) => Map(x, like.Height, like.Width, (channel, y, column) => x[channel, y, column]);

    internal static Tensor Shift(Shift shift, Tensor x) => Map(x, x.Height, x.Width, (channel, y, column) =>
    {
        (int rows, int columns) = shift.Of(channel);
        int row = y + rows, at = column + columns;
        return row >= 0 && row < x.Height && at >= 0 && at < x.Width ? x[channel, row, at] : 0;
    });

    internal static Tensor ShiftedChannels(ShiftedChannels choice, Tensor x) => Shift(
        new Shift(choice.Offsets.Select(o => o.Rows).ToEquatableArray(), choice.Offsets.Select(o => o.Columns).ToEquatableArray()),
        RearrangementEvaluator.SelectChannels(new SelectChannels(choice.Channels), x));

    private static Tensor Pad(PadMode mode, Tensor x, int top, int left, int height, int width)
    {
        if (mode == PadMode.Reflect && (Math.Max(top, height - top - x.Height) >= x.Height || Math.Max(left, width - left - x.Width) >= x.Width))
            throw new ArgumentException($"A reflection of {x} to {height} x {width} needs more rows or columns than there are: give a larger image.");
        return Map(x, height, width, (channel, y, column) =>
        {
            int row = y - top, at = column - left;
            bool inside = row >= 0 && row < x.Height && at >= 0 && at < x.Width;
            return inside || mode == PadMode.Reflect ? x[channel, Reflect(row, x.Height), Reflect(at, x.Width)] : 0;
        });
    }

    private static int Reflect(int position, int size) => position < 0 ? -position : position >= size ? (2 * (size - 1)) - position : position;

    private static int RoundUp(int size, int multiple) => (size + multiple - 1) / multiple * multiple;

    private static Tensor Map(Tensor x, int height, int width, Func<int, int, int, float> value)
    {
        var result = Tensor.Zeros(x.Channels, height, width);
        for (int channel = 0; channel < x.Channels; channel++)
            for (int y = 0; y < height; y++)
                for (int column = 0; column < width; column++) result[channel, y, column] = value(channel, y, column);
        return result;
    }
}
