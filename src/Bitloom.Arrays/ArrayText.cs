namespace Bitloom.Arrays;

/// <summary>Text from files for messages: short, and on one line.</summary>
internal static class ArrayText
{
    private const int Longest = 100;

    /// <summary>A text without control characters, cut at 100 characters.</summary>
    internal static string Shown(string text) => new([.. text.Take(Longest).Select(c => char.IsControl(c) ? '\uFFFD' : c)]);
}
