namespace Bitloom.Arrays;

/// <summary>A file that is damaged or of another kind than expected. The message is one line: where, what is wrong, what to do.</summary>
public sealed class ArrayFormatException : FormatException
{
    /// <summary>Makes an exception with a complete message.</summary>
    public ArrayFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
