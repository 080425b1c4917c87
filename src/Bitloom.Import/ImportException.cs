namespace Bitloom.Import;

/// <summary>A file or a set of weights that cannot be imported. The message is one line: where, what is wrong, what to do.</summary>
public sealed class ImportException : Exception
{
    /// <summary>Says why.</summary>
    public ImportException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, with the error that it was found by.</summary>
    public ImportException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
