using System.Globalization;

namespace Bitloom.Arrays.Numpy;

/// <summary>What the header of a .npy file says.</summary>
/// <param name="Type">How a value is stored.</param>
/// <param name="IsBigEndian">Whether the first byte of a value is its most significant.</param>
/// <param name="IsColumnMajor">Whether the first dimension runs fastest.</param>
/// <param name="Shape">Dimensions, as written.</param>
internal sealed record NpyHeader(ElementType Type, bool IsBigEndian, bool IsColumnMajor, IReadOnlyList<long> Shape)
{
    private static readonly Dictionary<string, ElementType> Types = new(StringComparer.Ordinal)
    {
        ["f2"] = ElementType.F16,
        ["f4"] = ElementType.F32,
        ["f8"] = ElementType.F64,
        ["i1"] = ElementType.I8,
        ["i2"] = ElementType.I16,
        ["i4"] = ElementType.I32,
        ["i8"] = ElementType.I64,
        ["u1"] = ElementType.U8,
        ["u2"] = ElementType.U16,
        ["u4"] = ElementType.U32,
        ["u8"] = ElementType.U64,
        ["b1"] = ElementType.Bool,
    };

    /// <summary>
    /// Parses the header, a Python dictionary such as <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (28, 256, 256), }</c>.
    /// </summary>
    /// <exception cref="ArrayFormatException">It is no such dictionary, or the type is none that is read.</exception>
    internal static NpyHeader Parse(string text, string where)
    {
        var parser = new Parser(text, where);
        string? type = null;
        bool? order = null;
        IReadOnlyList<long>? shape = null;
        parser.Expect('{');
        while (!parser.Accept('}'))
        {
            string key = parser.Quoted();
            parser.Expect(':');
            switch (key)
            {
                case "descr" when parser.IsNext('['):
                    throw new ArrayFormatException($"{where}: it holds records of several fields; save one array of numbers");
                case "descr": type = parser.Quoted(); break;
                case "fortran_order": order = parser.Truth(); break;
                case "shape": shape = parser.Tuple(); break;
                default: throw parser.Invalid($"'{ArrayText.Shown(key)}' is no key of the format");
            }

            if (!parser.Accept(',') && !parser.IsNext('}')) throw parser.Invalid("a comma is missing");
        }

        parser.ExpectEnd();
        if (type is null || order is null || shape is null) throw parser.Invalid("it must give descr, fortran_order and shape");
        if (type.Length != 3 || !"<>|=".Contains(type[0], StringComparison.Ordinal) || !Types.TryGetValue(type[1..], out ElementType? element))
            throw new ArrayFormatException($"{where}: the type '{ArrayText.Shown(type)}' is not read; save one of {string.Join(", ", Types.Keys)}, e.g. with astype('f4')");
        return new NpyHeader(element, type[0] == '>', order.Value, shape);
    }

    // A position in the text, and the few forms of Python that the format uses.
    private sealed class Parser(string text, string where)
    {
        private int _position;

        internal bool IsNext(char expected)
        {
            while (_position < text.Length && text[_position] is ' ' or '\n' or '\t' or '\r') _position++;
            return _position < text.Length && text[_position] == expected;
        }

        internal bool Accept(char expected)
        {
            if (!IsNext(expected)) return false;
            _position++;
            return true;
        }

        internal void Expect(char expected)
        {
            if (!Accept(expected)) throw Invalid($"'{expected}' is missing");
        }

        internal void ExpectEnd()
        {
            if (text.AsSpan(_position).Trim(" \n\t\r\0").Length > 0) throw Invalid("something follows its end");
        }

        internal string Quoted()
        {
            char quote = IsNext('"') ? '"' : '\'';
            Expect(quote);
            int end = text.IndexOf(quote, _position);
            if (end < 0) throw Invalid("a quotation mark is missing");
            string quoted = text[_position..end];
            _position = end + 1;
            return quoted;
        }

        internal bool Truth()
        {
            bool isTrue = IsNext('T');
            string word = isTrue ? "True" : "False";
            if (string.CompareOrdinal(text, _position, word, 0, word.Length) != 0) throw Invalid("fortran_order must be True or False");
            _position += word.Length;
            return isTrue;
        }

        internal IReadOnlyList<long> Tuple()
        {
            var numbers = new List<long>();
            Expect('(');
            while (!Accept(')'))
            {
                numbers.Add(Number());
                if (numbers.Count > 32) throw Invalid("the shape has more than 32 dimensions");
                if (!Accept(',') && !IsNext(')')) throw Invalid("a comma is missing in the shape");
            }

            return numbers;
        }

        internal ArrayFormatException Invalid(string what) =>
            new(Invariant($"{where}: the .npy header is not valid near its character {_position} ({what}); the file is damaged, so save it again"));

        private long Number()
        {
            // Only skips the space before it.
            IsNext('0');
            int start = _position;
            while (_position < text.Length && char.IsAsciiDigit(text[_position])) _position++;
            if (!long.TryParse(text.AsSpan(start, _position - start), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                throw Invalid("the shape must hold whole numbers");

            // Python 2 wrote long numbers with a letter.
            if (_position < text.Length && text[_position] == 'L') _position++;
            return number;
        }
    }
}
