using System.Globalization;
using System.Text;

namespace Bitloom.Compiler.Emission;

/// <summary>C# literals and XML text, the same in every culture.</summary>
internal static class Literal
{
    /// <summary>An fp32 literal that parses back to the same bits.</summary>
    internal static string Float(float value) => value.ToString("G9", CultureInfo.InvariantCulture) + "f";

    /// <summary>An integer with no group separators.</summary>
    internal static string Integer(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A quoted string.</summary>
    internal static string String(string value)
    {
        var text = new StringBuilder("\"");
        foreach (char c in value)
            text.Append(c is '"' or '\\' ? "\\" + c : c < ' ' || c > '~' ? "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture) : c.ToString());
        return text.Append('"').ToString();
    }

    /// <summary>Text inside an XML documentation comment, on one line.</summary>
    internal static string Xml(string value) =>
        value.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\r", " ").Replace("\n", " ");

    /// <summary>A tensor's name as an identifier; <paramref name="upper"/> for members, else for parameters.</summary>
    internal static string Identifier(string name, bool upper)
    {
        var text = new StringBuilder();
        bool raise = upper;
        foreach (char c in name)
        {
            bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain)
            {
                raise = text.Length > 0 || upper;
                continue;
            }

            if (text.Length == 0 && c >= '0' && c <= '9') text.Append('_');
            text.Append(raise ? char.ToUpperInvariant(c) : text.Length == 0 ? char.ToLowerInvariant(c) : c);
            raise = false;
        }

        if (text.Length == 0) text.Append(upper ? "Tensor" : "tensor");
        return upper ? text.ToString() : "@" + text;
    }
}
