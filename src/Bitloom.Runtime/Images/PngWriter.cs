using System.Buffers.Binary;
using System.IO.Compression;

namespace Bitloom.Runtime.Images;

/// <summary>
/// Writes PNG row by row with 8 bits a sample: grey, grey and alpha, RGB, RGB and alpha. Each row takes the filter whose
/// differences have the smallest sum. Memory is a few rows, whatever the picture's size.
/// </summary>
public sealed class PngWriter : IDisposable
{
    private readonly PngDataWriter _data;
    private readonly ZLibStream _deflated;
    private readonly int _channels;
    private readonly int _height;
    private readonly byte[] _above;
    private byte[] _candidate;
    private byte[] _best;
    private int _rows;
    private bool _isFinished;

    /// <summary>Writes the header. The stream stays open.</summary>
    public PngWriter(Stream target, int width, int height, int channels, CompressionLevel level = CompressionLevel.Optimal)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 4);
        int rowBytes = checked(width * channels);
        _channels = channels;
        _height = height;
        _above = new byte[rowBytes];
        _candidate = new byte[rowBytes + 1];
        _best = new byte[rowBytes + 1];

        target.Write(PngChunkReader.Signature);
        Span<byte> header = stackalloc byte[PngHeader.Length];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = (byte)(channels switch { 1 => PngColour.Grey, 2 => PngColour.GreyAlpha, 3 => PngColour.Rgb, _ => PngColour.RgbAlpha });
        header[10..].Clear();
        PngDataWriter.WriteChunk(target, "IHDR"u8, header);
        _data = new PngDataWriter(target);
        _deflated = new ZLibStream(_data, level, leaveOpen: true);
    }

    /// <summary>Writes a whole picture.</summary>
    public static void Write(Stream target, Image image, CompressionLevel level = CompressionLevel.Optimal)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var writer = new PngWriter(target, image.Width, image.Height, image.Channels, level);
        for (int y = 0; y < image.Height; y++) writer.WriteRow(image.Row(y));
        writer.Finish();
    }

    /// <summary>Writes the next row: width x channels samples.</summary>
    public void WriteRow(ReadOnlySpan<byte> row)
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        if (row.Length != _above.Length) throw new ArgumentException(Invariant($"The row holds {row.Length} samples, expected {_above.Length}."), nameof(row));
        if (_rows == _height) throw new InvalidOperationException(Invariant($"All {_height} rows have been written."));

        long smallest = long.MaxValue;
        for (int filter = PngFilter.None; filter <= PngFilter.Paeth; filter++)
        {
            long sum = PngFilter.Apply(filter, row, _above, _channels, _candidate.AsSpan(1));
            if (sum >= smallest) continue;
            smallest = sum;
            _candidate[0] = (byte)filter;
            (_candidate, _best) = (_best, _candidate);
        }

        _deflated.Write(_best);
        row.CopyTo(_above);
        _rows++;
    }

    /// <summary>Ends the file, after the last row.</summary>
    public void Finish()
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        if (_rows < _height) throw new InvalidOperationException(Invariant($"{_rows} of {_height} rows have been written."));
        _isFinished = true;
        _deflated.Dispose();
        _data.Finish();
    }

    /// <summary>Frees the compressor. Without <see cref="Finish"/> the file is incomplete and readers refuse it.</summary>
    public void Dispose()
    {
        _isFinished = true;
        _deflated.Dispose();
    }
}
