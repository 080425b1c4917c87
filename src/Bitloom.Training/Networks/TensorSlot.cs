namespace Bitloom.Training.Networks;

/// <summary>A tensor of one image in training: its size, and where its value and gradient stand in an image's arena.</summary>
/// <param name="name">The input or node that makes it.</param>
/// <param name="channels">Channels.</param>
/// <param name="height">Rows.</param>
/// <param name="width">Columns.</param>
internal sealed class TensorSlot(string name, int channels, int height, int width)
{
    internal string Name { get; } = name;

    internal int Channels { get; } = channels;

    internal int Height { get; } = height;

    internal int Width { get; } = width;

    /// <summary>Pixels of a channel.</summary>
    internal int Plane => Height * Width;

    /// <summary>Values.</summary>
    internal int Count => Channels * Plane;

    /// <summary>Floats from the start of the arena to the value.</summary>
    internal long Value { get; set; }

    /// <summary>Floats from the start of the arena to the gradient.</summary>
    internal long Gradient { get; set; }

    /// <summary>True where a parameter, or an input whose gradient is wanted, comes before it.</summary>
    internal bool NeedsGradient { get; set; }
}
