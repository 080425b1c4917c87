namespace Bitloom.Runtime;

/// <summary>Name and size of an input or output of a session: dense fp32, channel after channel, row after row.</summary>
/// <param name="Name">Its name in the network.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Pixels a row.</param>
public sealed record TensorInfo(string Name, int Channels, int Height, int Width)
{
    /// <summary>Number of values: channels x height x width.</summary>
    public int Length => checked(Channels * Height * Width);
}
