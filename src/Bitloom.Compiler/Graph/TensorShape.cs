namespace Bitloom.Compiler.Graph;

/// <summary>channels x height x width of one image.</summary>
public sealed record TensorShape(int Channels, Extent Height, Extent Width)
{
    /// <summary>The same height and width with another number of channels.</summary>
    public TensorShape WithChannels(int channels) => this with { Channels = channels };

    /// <summary>True where height and width are equal for every free size.</summary>
    public bool HasSizeOf(TensorShape other) => Height == other.Height && Width == other.Width;

    /// <inheritdoc/>
    public override string ToString() => $"{Channels} x {Height} x {Width}";
}
