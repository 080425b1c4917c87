using System.Text;

namespace Bitloom.Tool;

/// <summary>Names of emitted classes and namespaces.</summary>
internal static class CSharpNames
{
    private static readonly HashSet<string> Keywords =
    [
        .. """
           abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum
           event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace
           new null object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc
           static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while
           """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>A class name from a file name: <c>bbcu-m-x2.bloom</c> gives <c>BbcuMX2</c>.</summary>
    internal static string FromFileName(string path)
    {
        var name = new StringBuilder();
        bool startsWord = true;
        foreach (char c in Path.GetFileNameWithoutExtension(path))
        {
            if (char.IsAsciiLetterOrDigit(c)) name.Append(startsWord ? char.ToUpperInvariant(c) : c);
            startsWord = !char.IsAsciiLetterOrDigit(c);
        }

        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? $"Network{name}" : name.ToString();
    }

    /// <summary>Refuses what is not one identifier.</summary>
    /// <exception cref="BadInputException">It is not.</exception>
    internal static void CheckClass(string option, string name)
    {
        if (!IsIdentifier(name)) throw new BadInputException(option, $"'{name}' is not a C# name", "use letters, digits and underscores, starting with a letter, and no keyword");
    }

    /// <summary>Refuses what is not identifiers joined by dots; empty is the global namespace.</summary>
    /// <exception cref="BadInputException">It is not.</exception>
    internal static void CheckNamespace(string option, string name)
    {
        if (name.Length == 0) return;
        foreach (string part in name.Split('.')) CheckClass(option, part);
    }

    private static bool IsIdentifier(string name) =>
        name.Length is > 0 and <= 200
        && (char.IsAsciiLetter(name[0]) || name[0] == '_')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        && !Keywords.Contains(name);
}
