namespace Bitloom.Compiler.Descriptors;

/// <summary>Values of enumerations as descriptors write them: words in lower case, joined by underscores, e.g. <c>align_corners</c>.</summary>
internal static class ChoiceText
{
    internal static IEnumerable<string> Names<T>()
        where T : struct, Enum => Enum.GetValues(typeof(T)).Cast<T>().Select(Format);

    internal static string Format<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => (char.IsUpper(c) && i > 0 ? "_" : "") + char.ToLowerInvariant(c)));

    internal static bool TryParse<T>(string text, out T value)
        where T : struct, Enum
    {
        foreach (T candidate in Enum.GetValues(typeof(T)))
        {
            value = candidate;
            if (Format(candidate) == text) return true;
        }

        value = default;
        return false;
    }
}
