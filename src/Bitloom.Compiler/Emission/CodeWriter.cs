using System.Text;

namespace Bitloom.Compiler.Emission;

/// <summary>Writes indented C# with <c>\n</c> line ends.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>One line, or several where the text holds line ends; each is indented.</summary>
    internal CodeWriter Line(string text = "")
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.Length > 0) _text.Append(' ', 4 * _depth).Append(line);
            _text.Append('\n');
        }

        return this;
    }

    /// <summary>Opens a braced block, after a heading if given; disposing closes it.</summary>
    internal Scope Block(string heading = "")
    {
        if (heading.Length > 0) Line(heading);
        Line("{");
        _depth++;
        return new Scope(this);
    }

    /// <summary>The text; every block must be closed.</summary>
    public override string ToString() =>
        _depth == 0 ? _text.ToString() : throw new InvalidOperationException($"{_depth} blocks of emitted code are open.");

    /// <summary>Closes a block.</summary>
    internal readonly struct Scope(CodeWriter writer) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose()
        {
            writer._depth--;
            writer.Line("}");
        }
    }
}
