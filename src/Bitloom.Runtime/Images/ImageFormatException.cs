namespace Bitloom.Runtime.Images;

/// <summary>
/// A picture file that cannot be read or written. The message is one line: what is wrong, at which byte or chunk, what to do.
/// </summary>
public sealed class ImageFormatException : FormatException
{
    /// <summary>Makes an exception with a complete message.</summary>
    public ImageFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
