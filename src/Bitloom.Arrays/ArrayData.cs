using System.IO.Compression;

namespace Bitloom.Arrays;

/// <summary>What all formats share: sizes that are checked before memory is taken, values, and the order of dimensions.</summary>
internal static class ArrayData
{
    private const int Chunk = 8192;

    // Memory for values grows with the data that arrives, so that a claim costs nothing by itself.
    private const int FirstValues = 1 << 20;

    /// <summary>The product of dimensions.</summary>
    /// <exception cref="ArrayFormatException">There are more than eight, or more values than the limit.</exception>
    internal static int Count(IReadOnlyList<long> shape, int maximumValues, string where)
    {
        if (shape.Count > NumericArray.MaximumRank)
            throw new ArrayFormatException(Invariant($"{where}: it has {shape.Count} dimensions; at most {NumericArray.MaximumRank} are accepted, so save fewer"));
        long count = 1;
        foreach (long dimension in shape)
        {
            if (dimension is < 0 or > int.MaxValue || (count *= dimension) > maximumValues)
                throw new ArrayFormatException(Invariant($"{where}: its shape [{string.Join(", ", shape)}] passes the limit of {maximumValues} values; save a part of it"));
        }

        return (int)count;
    }

    /// <summary>Reads values one after another.</summary>
    /// <exception cref="ArrayFormatException">The stream ends before the last, or cannot be inflated.</exception>
    internal static float[] ReadValues(Stream stream, ElementType type, int count, bool bigEndian, string where)
    {
        var values = new float[Math.Min(count, FirstValues)];
        var bytes = new byte[Chunk * type.Size];
        for (int done = 0; done < count;)
        {
            if (done == values.Length) Array.Resize(ref values, (int)Math.Min(count, 2L * values.Length));
            int part = Math.Min(Math.Min(Chunk, count - done), values.Length - done);
            ReadExactly(stream, bytes.AsSpan(0, part * type.Size), where);
            for (int i = 0; i < part; i++)
            {
                Span<byte> value = bytes.AsSpan(i * type.Size, type.Size);
                if (bigEndian) value.Reverse();
                values[done + i] = type.ToSingle(value);
            }

            done += part;
        }

        return values;
    }

    /// <summary>Fills a buffer.</summary>
    /// <exception cref="ArrayFormatException">The stream ends before, or cannot be inflated.</exception>
    internal static void ReadExactly(Stream stream, Span<byte> buffer, string where)
    {
        if (ReadAtMost(stream, buffer, where) < buffer.Length)
            throw new ArrayFormatException($"{where}: its data ends early; the file is cut off, so copy or save it again");
    }

    /// <summary>Reads a compressed stream to its end, where inflation checks its sum, past no more than padding.</summary>
    /// <exception cref="ArrayFormatException">The sum is wrong, or the stream goes on.</exception>
    internal static void CheckEnd(Stream stream, string where)
    {
        Span<byte> padding = stackalloc byte[16];
        if (ReadAtMost(stream, padding, where) == padding.Length)
            throw new ArrayFormatException($"{where}: its compressed data goes on behind the values; the file is damaged, so copy or save it again");
    }

    private static int ReadAtMost(Stream stream, Span<byte> buffer, string where)
    {
        try
        {
            return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        // Compressed data lies in memory: where reading it fails, what fails is the inflation.
        catch (Exception failure) when (failure is InvalidDataException || (failure is IOException && stream is ZLibStream))
        {
            throw new ArrayFormatException($"{where}: its compressed data cannot be inflated; the file is damaged, so copy or save it again", failure);
        }
    }

    /// <summary>Values whose first dimension runs fastest (Fortran, MATLAB), in the order where the last one does.</summary>
    internal static float[] FromColumnMajor(float[] values, IReadOnlyList<int> shape)
    {
        if (shape.Count(d => d > 1) < 2) return values;
        var ordered = new float[values.Length];
        var index = new int[shape.Count];
        foreach (float value in values)
        {
            int position = 0;
            for (int i = 0; i < index.Length; i++) position = (position * shape[i]) + index[i];
            ordered[position] = value;
            for (int i = 0; i < index.Length && ++index[i] == shape[i]; i++) index[i] = 0;
        }

        return ordered;
    }

    /// <summary>The reverse of <see cref="FromColumnMajor"/>.</summary>
    internal static float[] ToColumnMajor(float[] values, IReadOnlyList<int> shape) => FromColumnMajor(values, [.. shape.Reverse()]);

    /// <summary>A stream that can seek: itself, or a copy in memory of what is left of it.</summary>
    internal static Stream Seekable(Stream stream)
    {
        if (stream.CanSeek) return stream;
        var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        buffer.Position = 0;
        return buffer;
    }
}
