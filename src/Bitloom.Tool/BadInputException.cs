namespace Bitloom.Tool;

/// <summary>
/// Input that a verb cannot use, or an output that cannot be written. The command line catches it in one place and prints one line,
/// <c>bitloom: place: what: remedy</c>.
/// </summary>
/// <param name="place">The file, option or tensor concerned.</param>
/// <param name="what">What is wrong with it.</param>
/// <param name="remedy">What to do about it; empty where <paramref name="what"/> says so already.</param>
internal sealed class BadInputException(string place, string what, string remedy = "")
    : Exception(OneLine(remedy.Length == 0 ? $"{place}: {what}" : $"{place}: {what}: {remedy}"))
{
    /// <summary>Messages of libraries may break lines; ours never do.</summary>
    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
