using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Operators;

/// <summary>How values between pixels are found.</summary>
public enum ResizeMethod
{
    /// <summary>The pixel at or before the place (<see cref="ResizeCoordinates.Asymmetric"/>), or the nearest one, of two equals the later.</summary>
    Nearest,

    /// <summary>Linear between two pixels a direction.</summary>
    Bilinear,

    /// <summary>Cubic convolution over four pixels a direction, a = -0.75 as in PyTorch (Keys, 1981).</summary>
    Bicubic,
}

/// <summary>Which place of the input a pixel of the output stands for; s is the ratio of input to output size.</summary>
public enum ResizeCoordinates
{
    /// <summary><c>(y + 1/2) * s - 1/2</c>: pixels are areas (align_corners = false).</summary>
    HalfPixel,

    /// <summary><c>y * (input - 1) / (output - 1)</c>: the corner pixels coincide.</summary>
    AlignCorners,

    /// <summary><c>y * s</c>.</summary>
    Asymmetric,
}

/// <summary>
/// Resampling without a filter, rows and columns alike. Places before the first pixel or beyond the last repeat it. As PyTorch's
/// interpolate computes it; the common whole factors have operators of their own, <see cref="ResizeNearest"/> and <see cref="ResizeBilinear"/>.
/// </summary>
/// <param name="Height">Rows of the output, or 0 where the ratio decides.</param>
/// <param name="Width">Columns of the output, or 0 where the ratio decides.</param>
/// <param name="Multiplier">The output is <c>floor(input * Multiplier / Divisor)</c>.</param>
/// <param name="Divisor">See <paramref name="Multiplier"/>.</param>
/// <param name="Method">How values between pixels are found.</param>
/// <param name="Coordinates">Which place a pixel stands for.</param>
public sealed record Resize(int Height, int Width, int Multiplier, int Divisor, ResizeMethod Method, ResizeCoordinates Coordinates) : Operator
{
    /// <inheritdoc/>
    public override string Kind => "Resize";

    /// <summary>To a fixed size.</summary>
    public static Resize To(int height, int width, ResizeMethod method, ResizeCoordinates coordinates) => new(height, width, 1, 1, method, coordinates);

    /// <summary>By the ratio <paramref name="multiplier"/> / <paramref name="divisor"/>.</summary>
    public static Resize By(int multiplier, int divisor, ResizeMethod method, ResizeCoordinates coordinates) => new(0, 0, multiplier, divisor, method, coordinates);

    /// <summary>True where the output has a fixed size.</summary>
    public bool IsFixed => Height > 0;

    /// <inheritdoc/>
    public override InferredShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        if ((Height > 0) != (Width > 0) || Math.Min(Height, Width) < 0) return InferredShape.Fail("height and width must both be given, or neither");
        if (Multiplier < 1 || Divisor < 1) return InferredShape.Fail("multiplier and divisor must be 1 or more");
        return IsFixed
            ? new TensorShape(inputs[0].Channels, Extent.Constant(Height), Extent.Constant(Width))
            : inputs[0] with { Height = inputs[0].Height.Derive(Multiplier, 0, Divisor), Width = inputs[0].Width.Derive(Multiplier, 0, Divisor) };
    }
}
