namespace Bitloom.Compiler.Descriptors.Syntax;

/// <summary>
/// Turns byte offsets of a UTF-8 text into lines and columns. Offsets are asked for in rising order, so that the whole text is
/// walked once, however long its lines are.
/// </summary>
internal sealed class TextCursor(byte[] utf8)
{
    private int _offset, _line = 1, _column = 1;

    /// <summary>Line and column (UTF-16 units), both from 1, of the byte at <paramref name="offset"/>.</summary>
    public (int Line, int Column) MoveTo(int offset)
    {
        for (int end = Math.Min(offset, utf8.Length); _offset < end; _offset++)
        {
            byte current = utf8[_offset];

            // A line ends with \n, \r\n or a lone \r, as editors count.
            if (current == '\n' || (current == '\r' && (_offset + 1 == utf8.Length || utf8[_offset + 1] != '\n')))
                (_line, _column) = (_line + 1, 1);
            // Bytes 10xxxxxx continue a character; a lead byte 11110xxx starts one of two UTF-16 units.
            else if ((current & 0xC0) != 0x80)
                _column += current >= 0xF0 ? 2 : 1;
        }

        return (_line, _column);
    }
}
