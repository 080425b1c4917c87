using System.Text;
using Bitloom.Arrays;

namespace Bitloom.Spectral.Files;

/// <summary>
/// Reads ENVI files (NV5, "ENVI Header Files"): a text header with the extension <c>.hdr</c>, and beside it a data file of the same
/// name without an extension or with a usual one. The three interleaves, both byte orders, real data types.
/// </summary>
internal static class EnviReader
{
    private const int LongestHeader = 1 << 20;

    // A header cube.raw.hdr belongs to cube.raw, which the first extension stands for.
    private static readonly string[] DataExtensions = ["", ".raw", ".img", ".dat", ".bin", ".bsq", ".bil", ".bip"];

    /// <summary>Reads the cube of a header.</summary>
    internal static StoredCube Read(string path)
    {
        EnviHeader header;
        using (FileStream file = File.OpenRead(path))
        {
            if (!file.CanSeek || file.Length > LongestHeader) throw new ArrayFormatException(Invariant($"{path}: it is longer than {LongestHeader} bytes or no regular file; give the text header of an ENVI file"));
            var bytes = new byte[file.Length];
            ArrayData.ReadExactly(file, bytes, path);
            header = EnviHeader.Parse(Encoding.UTF8.GetString(bytes), path);
        }

        string start = path[..^".hdr".Length];
        string data = DataExtensions.Select(e => start + e).FirstOrDefault(File.Exists)
            ?? throw new ArrayFormatException($"{path}: its data file is not beside it; name that {Path.GetFileName(start)} with no extension or one of {string.Join(", ", DataExtensions.Skip(1))}");
        using FileStream stream = File.OpenRead(data);
        return Read(stream, header, data);
    }

    /// <summary>Reads the data that a header describes.</summary>
    internal static StoredCube Read(Stream stream, EnviHeader header, string where)
    {
        int count = header.Bands * header.Height * header.Width;
        long expected = header.Offset + ((long)count * header.Type.Size);
        if (stream.Length != expected)
            throw new ArrayFormatException(Invariant($"{where}: {header.Bands} bands of {header.Height} x {header.Width} as {header.Type.Name} and an offset of {header.Offset} take {expected} bytes, and it holds {stream.Length}; correct the header or copy the data again"));
        stream.Position = header.Offset;
        float[] values = ArrayData.ReadValues(stream, header.Type, count, header.IsBigEndian, where);
        CubeReader.CheckValues(values, where);
        float[] ordered = Interleave.ToBands(values, header.Order, header.Bands, header.Height, header.Width);
        return new StoredCube(new Cube(header.Bands, header.Height, header.Width, ordered, header.Wavelengths), header.Type, $"interleave {header.Order}");
    }
}
