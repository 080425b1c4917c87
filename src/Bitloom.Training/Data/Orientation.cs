using Bitloom.Training.State;

namespace Bitloom.Training.Data;

/// <summary>One of the eight ways to lay a square on itself, or a rectangle on one of its size: a transpose, then flips. They include the rotations by quarter turns.</summary>
/// <param name="IsTransposed">Rows become columns.</param>
/// <param name="FlipsRows">The last row becomes the first.</param>
/// <param name="FlipsColumns">The last column becomes the first.</param>
public readonly record struct Orientation(bool IsTransposed, bool FlipsRows, bool FlipsColumns)
{
    /// <summary>Draws one.</summary>
    /// <param name="random">Draws one number.</param>
    /// <param name="turns">True for all eight, false for none but the mirrored and the same.</param>
    public static Orientation Draw(CounterRandom random, bool turns)
    {
        int choice = random.NextIndex(8);
        return turns ? new Orientation((choice & 1) != 0, (choice & 2) != 0, (choice & 4) != 0) : new Orientation(false, false, (choice & 4) != 0);
    }

    /// <summary>Lays out planes anew: <c>height x width</c>, or where transposed <c>width x height</c>.</summary>
    /// <param name="planes">Channels x height x width.</param>
    /// <param name="height">Rows before.</param>
    /// <param name="width">Columns before.</param>
    public void Apply(Span<float> planes, int height, int width)
    {
        if (this == default) return;
        (int rows, int columns) = IsTransposed ? (width, height) : (height, width);
        var from = new float[height * width];
        for (int start = 0; start < planes.Length; start += from.Length)
        {
            Span<float> plane = planes.Slice(start, from.Length);
            plane.CopyTo(from);
            for (int y = 0; y < rows; y++)
                for (int x = 0; x < columns; x++)
                {
                    int row = FlipsRows ? rows - 1 - y : y, column = FlipsColumns ? columns - 1 - x : x;
                    plane[(y * columns) + x] = from[IsTransposed ? (column * width) + row : (row * width) + column];
                }
        }
    }
}
