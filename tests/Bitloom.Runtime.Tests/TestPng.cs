using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Bitloom.Runtime.Tests;

/// <summary>
/// A PNG encoder for tests, written from the standard's text and sharing nothing with the one under test: samples of any depth,
/// any filter, interlaced by the standard's 8 x 8 pattern, and every chunk open to mischief.
/// </summary>
internal sealed class TestPng(int width, int height, int colour, int depth)
{
    // The standard's figure: which of the seven passes holds each pixel of an 8 x 8 tile.
    private static readonly string[] Adam7 = ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];

    internal static readonly byte[] Signature = [137, 80, 78, 71, 13, 10, 26, 10];

    internal int SamplesPerPixel { get; } = colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>height x width x samples a pixel, as stored.</summary>
    internal int[] Samples { get; set; } = [];

    internal bool IsInterlaced { get; init; }

    internal byte[]? Palette { get; init; }

    internal byte[]? Transparency { get; init; }

    /// <summary>Filter of each row.</summary>
    internal Func<int, int> Filter { get; init; } = _ => 0;

    internal int DataChunkSize { get; init; } = int.MaxValue;

    internal TestPng FillRandom(Random random)
    {
        Samples = new int[width * height * SamplesPerPixel];
        int limit = Palette is null ? 1 << depth : Math.Min(1 << depth, Palette.Length / 3);
        for (int i = 0; i < Samples.Length; i++) Samples[i] = random.Next(limit);
        return this;
    }

    internal byte[] Encode()
    {
        var file = new List<byte>(Signature);
        file.AddRange(Chunk("IHDR", Header(width, height, depth, colour, IsInterlaced ? 1 : 0)));
        if (Palette is not null) file.AddRange(Chunk("PLTE", Palette));
        if (Transparency is not null) file.AddRange(Chunk("tRNS", Transparency));
        foreach (byte[] part in Deflate(FilteredRows()).Chunk(DataChunkSize)) file.AddRange(Chunk("IDAT", part));
        file.AddRange(Chunk("IEND", []));
        return [.. file];
    }

    /// <summary>The picture that must come out: 8-bit samples, with alpha where the file has any.</summary>
    internal byte[] Expected()
    {
        var pixels = new List<byte>();
        for (int pixel = 0; pixel < width * height; pixel++)
        {
            int[] samples = Samples[(pixel * SamplesPerPixel)..((pixel + 1) * SamplesPerPixel)];
            if (Palette is not null)
            {
                pixels.AddRange(Palette[(samples[0] * 3)..((samples[0] * 3) + 3)]);
                if (Transparency is not null) pixels.Add(samples[0] < Transparency.Length ? Transparency[samples[0]] : (byte)255);
                continue;
            }

            double largest = Math.Pow(2, depth) - 1;
            pixels.AddRange(samples.Select(sample => (byte)Math.Round(sample / largest * 255, MidpointRounding.AwayFromZero)));
            if (Transparency is null) continue;
            int[] key = Transparency.Chunk(2).Select(pair => (pair[0] << 8) + pair[1]).ToArray();
            pixels.Add(key.SequenceEqual(samples) ? (byte)0 : (byte)255);
        }

        return [.. pixels];
    }

    internal byte[] FilteredRows()
    {
        var rows = new List<byte>();
        foreach (char pass in IsInterlaced ? "1234567" : " ")
        {
            byte[]? above = null;
            int row = 0;
            for (int y = 0; y < height; y++)
            {
                int[] xs = Enumerable.Range(0, width).Where(x => !IsInterlaced || Adam7[y % 8][x % 8] == pass).ToArray();
                if (xs.Length == 0) continue;
                byte[] packed = Pack(xs.SelectMany(x => Samples.Skip(((y * width) + x) * SamplesPerPixel).Take(SamplesPerPixel)));
                above ??= new byte[packed.Length];
                int filter = Filter(row++);
                rows.Add((byte)filter);
                rows.AddRange(Predicted(filter, packed, above));
                above = packed;
            }
        }

        return [.. rows];
    }

    internal static byte[] Header(int width, int height, int depth, int colour, int interlace)
    {
        var data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        data[8] = (byte)depth;
        data[9] = (byte)colour;
        data[12] = (byte)interlace;
        return data;
    }

    internal static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(body.Length + 4), Checksum(body));
        return chunk;
    }

    internal static byte[] Deflate(byte[] data)
    {
        var target = new MemoryStream();
        using (var deflated = new ZLibStream(target, CompressionLevel.Fastest)) deflated.Write(data);
        return target.ToArray();
    }

    // The standard's definition, bit by bit.
    internal static uint Checksum(byte[] data)
    {
        uint state = uint.MaxValue;
        foreach (byte value in data)
        {
            state ^= value;
            for (int bit = 0; bit < 8; bit++) state = (state % 2 * 0xEDB88320) ^ (state / 2);
        }

        return ~state;
    }

    private byte[] Pack(IEnumerable<int> samples)
    {
        string bits = string.Concat(samples.Select(sample => Convert.ToString(sample, 2).PadLeft(depth, '0')));
        return bits.Chunk(8).Select(octet => Convert.ToByte(new string(octet).PadRight(8, '0'), 2)).ToArray();
    }

    private byte[] Predicted(int filter, byte[] row, byte[] above)
    {
        int distance = Math.Max(1, SamplesPerPixel * depth / 8);
        var filtered = new byte[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            int a = i < distance ? 0 : row[i - distance], b = above[i], c = i < distance ? 0 : above[i - distance], p = a + b - c;
            int paeth = new[] { a, b, c }.MinBy(candidate => Math.Abs(p - candidate));
            filtered[i] = (byte)(row[i] - (filter switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => paeth, _ => 0 }));
        }

        return filtered;
    }
}
