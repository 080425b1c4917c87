namespace Bitloom.Spectral.Sensing;

/// <summary>One value a pixel: a coded mask, or what a camera measures.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Pixels a row.</param>
/// <param name="Values">Height x width, row-major.</param>
public sealed record Plane(int Height, int Width, float[] Values)
{
    /// <summary>A copy of the rectangle at the top left corner.</summary>
    public Plane Crop(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Width);
        var values = new float[height * width];
        for (int row = 0; row < height; row++) Values.AsSpan(row * Width, width).CopyTo(values.AsSpan(row * width));
        return new Plane(height, width, values);
    }
}
