using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx.Operators;

/// <summary>
/// The size that a Resize makes: <c>floor(size * Multiplier / Divisor)</c>, or <see cref="Height"/> x <see cref="Width"/> where those
/// are not 0.
/// </summary>
internal sealed record ResizeTarget(int Multiplier, int Divisor, int Height = 0, int Width = 0)
{
    // Ratios tried to tell two computed sizes apart, and divisors tried for a factor with a fraction.
    private const int LargestDivisor = 64;

    internal bool IsFixed => Height > 0;

    /// <summary>True where every size becomes larger or stays.</summary>
    internal bool IsUp => !IsFixed && Multiplier >= Divisor;

    /// <summary>The whole factor up, or null.</summary>
    internal int? Factor => !IsFixed && Divisor == 1 && Multiplier <= DescriptorLimits.Factor ? Multiplier : null;

    /// <exception cref="ImportException">The size is not known, or rows and columns are not resized alike.</exception>
    internal static ResizeTarget Read(OnnxNode node, Conversion conversion, ImageValue input)
    {
        if (node.Integer("antialias", 0) != 0) throw node.Refuse("antialias is not supported", "export without it");
        if (node.Text("keep_aspect_ratio_policy", "stretch") != "stretch") throw node.Refuse("its keep_aspect_ratio_policy is not supported", "the nearest that is: stretch");
        bool hasSizes = node.Operator != "Upsample" && conversion.Opset >= 11;
        if (hasSizes && node.Input(3) is not null && conversion.Value(node, 3) is { } sizes) return FromSizes(node, conversion, input, sizes);
        int scales = hasSizes ? 2 : 1;
        float[]? factors = node.Input(scales) is null ? null : ConstantEvaluator.ToReal(conversion.Value(node, scales))?.Grid.Items;
        return factors is not null && Spread(node, input, factors, 1) is [1, 1, var down, var across] && down == across && FromFactor(down) is { } target
            ? target
            : throw node.Refuse("its factors are not constant, not equal for height and width, or other than 1 for batch or channels", "resize by one factor, a ratio of small whole numbers");
    }

    internal bool KeepsSize(TensorShape shape) => (!IsFixed && Multiplier == Divisor) || (IsFixed && shape.Height == Extent.Constant(Height) && shape.Width == Extent.Constant(Width));

    /// <summary>True where no half-pixel place lies in the middle between two pixels.</summary>
    internal bool TiesAreImpossible(TensorShape shape)
    {
        if (!IsFixed) return Divisor % 2 == 1;
        return shape is { Height: ConstantExtent height, Width: ConstantExtent width } && IsOdd(height.Value, Height) && IsOdd(width.Value, Width);

        static bool IsOdd(int from, int to) => from / (int)System.Numerics.BigInteger.GreatestCommonDivisor(from, to) % 2 == 1;
    }

    internal Resize With(ResizeMethod method, ResizeCoordinates coordinates) =>
        IsFixed ? Resize.To(Height, Width, method, coordinates) : Resize.By(Multiplier, Divisor, method, coordinates);

    private static ResizeTarget FromSizes(OnnxNode node, Conversion conversion, ImageValue input, OnnxValue sizes)
    {
        Extent[] given = ConstantEvaluator.ToWhole(sizes)?.Grid is { Rank: 1 } grid ? grid.Items : throw node.Refuse("its sizes are not known", "export with a fixed size");
        if (Spread(node, input, given, null) is not [var batch, var channels, { } height, { } width]) throw node.Refuse("its sizes are not four", "export the model again");
        bool keepsChannels = (batch is null || batch == Extent.Constant(1)) && (channels is null || channels == Extent.Constant(input.Shape.Channels));
        if (!keepsChannels) throw node.Refuse("it resizes channels", "only height and width can be resized");
        if (conversion.Ratio(height, input.Shape.Height) is { } factor && factor == conversion.Ratio(width, input.Shape.Width) && factor <= DescriptorLimits.Factor) return new ResizeTarget(factor, 1);
        if (height is ConstantExtent { Value: >= 1 and <= DescriptorLimits.Size } rows && width is ConstantExtent { Value: >= 1 and <= DescriptorLimits.Size } columns)
            return new ResizeTarget(1, 1, rows.Value, columns.Value);
        return FromRatio(input.Shape, height, width) ?? throw node.Refuse("it resizes rows and columns by ratios that are not one of small whole numbers", "resize by one factor");
    }

    // A size that is exactly a fraction of the image's, at every size that the network takes.
    private static ResizeTarget? FromRatio(TensorShape shape, Extent height, Extent width)
    {
        for (int divisor = 2; divisor <= LargestDivisor; divisor++)
            if (ExtentArithmetic.Ratio(height.Times(divisor), shape.Height) is { } multiplier && ExtentArithmetic.Ratio(width.Times(divisor), shape.Width) == multiplier)
                return new ResizeTarget(multiplier, divisor);
        return null;
    }

    // A factor in single precision is the ratio of small whole numbers that rounds to it, to the nearest or, so that the size does not
    // come out a pixel short, up.
    private static ResizeTarget? FromFactor(float factor)
    {
        for (int divisor = 1; divisor <= LargestDivisor; divisor++)
            if (MathF.Round(factor * divisor) is >= 1 and <= DescriptorLimits.Factor and var multiplier && IsRatio(factor, multiplier, divisor)) return new ResizeTarget((int)multiplier, divisor);
        return null;
    }

    private static bool IsRatio(float factor, float multiplier, int divisor)
    {
        float nearest = multiplier / divisor;
        return factor == nearest || ((double)nearest * divisor < multiplier && factor == MathF.BitIncrement(nearest));
    }

    // From operator set 18 on, axes may be named; the others keep their size.
    private static T?[] Spread<T>(OnnxNode node, ImageValue input, T[] given, T? absent)
    {
        if (node.Integers("axes") is not { Count: > 0 } axes) return [.. given];
        T?[] all = [.. Enumerable.Repeat(absent, 4)];
        for (int i = 0; i < axes.Count; i++)
        {
            int axis = GridSizes.Axis(axes[i], input.Order.Count);
            if (axis < 0 || axes.Count != given.Length) throw node.Refuse("its axes do not fit", "export the model again");
            all[axis] = given[i];
        }

        return all;
    }
}
