namespace Bitloom.Tool;

/// <summary>
/// Input that a verb cannot use, or an output that cannot be written. The command line catches it in one place and prints one line,
/// <c>bitloom: place: what: remedy</c>.
/// </summary>
internal sealed class BadInputException : Exception
{
    /// <summary>A line in its parts.</summary>
    /// <param name="place">The file, option or tensor concerned.</param>
    /// <param name="what">What is wrong with it.</param>
    /// <param name="remedy">What to do about it; empty where <paramref name="what"/> says so already.</param>
    internal BadInputException(string place, string what, string remedy = "")
        : this(remedy.Length == 0 ? $"{place}: {what}" : $"{place}: {what}: {remedy}")
    {
    }

    /// <summary>A complete line, as libraries write it.</summary>
    internal BadInputException(string line)
        : base(string.Join(' ', line.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
    {
    }
}
