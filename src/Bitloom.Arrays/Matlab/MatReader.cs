using System.IO.Compression;

namespace Bitloom.Arrays.Matlab;

/// <summary>
/// Reads real numeric arrays from MAT-files of version 5, which MATLAB's <c>save</c> writes with -v6 and -v7 (The MathWorks,
/// "MAT-File Format", R2019b): a header of 128 bytes, then data elements, each plain or compressed by zlib, in either byte order.
/// </summary>
/// <remarks>
/// An element claims a length. It is held against the file's length, and for a compressed one against what zlib can make of its
/// bytes at most, before memory is taken for it.
/// </remarks>
public static class MatReader
{
    private const int HeaderLength = 128;

    // Deflate cannot do better than 258 bytes in 2 bits.
    private const long GreatestInflation = 1032;

    /// <summary>The numeric arrays of a file, in its order.</summary>
    /// <param name="stream">From its position to its end; it stays open.</param>
    /// <param name="where">What messages call it.</param>
    /// <param name="maximumValues">Larger arrays are refused.</param>
    /// <exception cref="ArrayFormatException">It is no MAT-file of version 5, or damaged.</exception>
    public static IReadOnlyList<MatVariable> List(Stream stream, string where, int maximumValues = NumericArray.DefaultMaximumValues)
    {
        ArgumentNullException.ThrowIfNull(stream);
        bool bigEndian = ReadFileHeader(stream, where);
        var variables = new List<MatVariable>();
        while (stream.Length - stream.Position is long left and > 0)
        {
            if (left < 8) throw new ArrayFormatException(Invariant($"{where}: {left} bytes follow the last array; the file is damaged, so save it again"));
            var elements = new MatElements(stream, bigEndian, left, where);
            MatTag tag = elements.ReadTag();
            long start = stream.Position;
            if (tag.Type is MatElements.Matrix or MatElements.Compressed)
            {
                bool isCompressed = tag.Type == MatElements.Compressed;
                MatElements inner = Open(stream, tag.Length, isCompressed, bigEndian, where);
                if (MatVariable.ReadHeader(inner, maximumValues, where) is { } variable)
                    variables.Add(variable with { Start = start, Length = tag.Length, IsCompressed = isCompressed });
            }

            // Plain elements are padded to 8 bytes, compressed ones follow one another without a gap.
            stream.Position = Math.Min(stream.Length, start + tag.Length + (tag.Type == MatElements.Compressed ? 0 : tag.Padding));
        }

        return variables;
    }

    /// <summary>Reads one of the arrays that <see cref="List"/> has found, its values brought to row-major order.</summary>
    /// <param name="stream">The stream that was listed, which can seek.</param>
    /// <param name="variable">The array.</param>
    /// <param name="where">What messages call the file.</param>
    /// <exception cref="ArrayFormatException">It is damaged, or has imaginary parts.</exception>
    public static NumericArray Read(Stream stream, MatVariable variable, string where)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(variable);
        if (variable.IsComplex) throw new ArrayFormatException($"{where}: {variable} is complex; save its real part or its magnitude");
        stream.Position = 0;
        bool bigEndian = ReadFileHeader(stream, where);
        stream.Position = variable.Start;
        MatElements elements = Open(stream, variable.Length, variable.IsCompressed, bigEndian, where);
        MatVariable.ReadHeader(elements, int.MaxValue, where);
        return new NumericArray(variable.Name, variable.Shape, variable.Type, ArrayData.FromColumnMajor(variable.ReadValues(elements), variable.Shape));
    }

    private static bool ReadFileHeader(Stream stream, string where)
    {
        if (stream.Length < HeaderLength) throw new ArrayFormatException($"{where}: it is too short for a MAT-file; check the path, or save it again");
        Span<byte> header = stackalloc byte[HeaderLength];
        ArrayData.ReadExactly(stream, header, where);
        if (header.StartsWith("MATLAB 7.3"u8) || header.StartsWith(Hdf5Signature))
            throw new ArrayFormatException($"{where}: it is a MAT-file of version 7.3 (HDF5), which is not read; save it in MATLAB with save(..., '-v7')");
        bool bigEndian = header[126] == 'M' && header[127] == 'I';
        if (!bigEndian && !(header[126] == 'I' && header[127] == 'M'))
            throw new ArrayFormatException($"{where}: it is no MAT-file of version 5; save it in MATLAB with save(..., '-v7'), or with scipy.io.savemat");
        int major = bigEndian ? header[124] : header[125];
        if (major != 1) throw new ArrayFormatException(Invariant($"{where}: version {major} of the MAT-file format is not known; save it in MATLAB with save(..., '-v7')"));
        return bigEndian;
    }

    private static ReadOnlySpan<byte> Hdf5Signature => [0x89, (byte)'H', (byte)'D', (byte)'F'];

    // The elements of a matrix, whose tag has been read unless it is inside a compressed element.
    private static MatElements Open(Stream stream, uint length, bool isCompressed, bool bigEndian, string where)
    {
        if (!isCompressed) return new MatElements(stream, bigEndian, length, where);
        if (length > Array.MaxLength) throw new ArrayFormatException($"{where}: a compressed array of more than 2 GiB is not read; save it with save(..., '-v6')");
        var compressed = new byte[length];
        ArrayData.ReadExactly(stream, compressed, where);
        var inflated = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var outer = new MatElements(inflated, bigEndian, (length * GreatestInflation) + 8, where);
        MatTag tag = outer.ReadTag();
        if (tag.Type != MatElements.Matrix) throw outer.Invalid(Invariant($"a compressed element holds type {tag.Type}, not an array"));
        return new MatElements(inflated, bigEndian, tag.Length, where);
    }
}
