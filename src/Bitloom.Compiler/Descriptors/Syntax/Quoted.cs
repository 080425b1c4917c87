using System.Text;

namespace Bitloom.Compiler.Descriptors.Syntax;

/// <summary>Shows text of unknown origin inside a message of one line.</summary>
internal static class Quoted
{
    private const int Longest = 80;

    /// <summary>The name in single quotes, shortened, control characters replaced.</summary>
    public static string Name(string name)
    {
        var text = new StringBuilder("'");
        foreach (char c in name.Length > Longest ? name.Substring(0, Longest) : name) text.Append(char.IsControl(c) ? '\uFFFD' : c);
        return text.Append(name.Length > Longest ? "...'" : "'").ToString();
    }
}
