using Bitloom.Runtime.Images;

namespace Bitloom.Runtime.Tests;

public class PngDamageTests
{
    private static readonly byte[] Signature = TestPng.Signature;
    private static readonly byte[] End = TestPng.Chunk("IEND", []);

    [Fact]
    public void EveryChangedByteIsRefusedOrHarmless()
    {
        foreach (bool fixesChecksums in new[] { false, true })
            foreach (byte[] file in SmallFiles())
                for (int position = 0; position < file.Length; position++)
                    for (int attempt = 0; attempt < 6; attempt++)
                    {
                        var random = new Random((position * 16) + attempt);
                        byte[] damaged = [.. file];
                        damaged[position] ^= (byte)(attempt == 0 ? 1 : random.Next(1, 256));
                        if (fixesChecksums) FixChecksums(damaged);
                        bool wasRead = TryRead(damaged, out string message);

                        // With the checksums as they were, every change must be noticed; with new ones, some changes make another valid picture.
                        if (!fixesChecksums) Assert.False(wasRead, Invariant($"byte {position} changed to {damaged[position]} was not noticed"));
                        if (!wasRead) AssertHelpful(message);
                    }
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        foreach (byte[] file in SmallFiles())
            for (int length = 0; length < file.Length; length++)
            {
                Assert.False(TryRead(file[..length], out string message), Invariant($"{length} of {file.Length} bytes were accepted"));
                AssertHelpful(message);
            }
    }

    [Fact]
    public void RandomChunksNeverCauseAnotherException()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            byte[] file = SmallFiles().ElementAt(seed % 3);
            for (int change = 0; change < 5; change++)
            {
                int from = random.Next(8, file.Length), to = random.Next(8, file.Length);
                file = random.Next(3) switch
                {
                    0 => [.. file[..from], .. PngReaderTests.RandomBytes(random, random.Next(20)), .. file[from..]],
                    1 => [.. file[..Math.Min(from, to)], .. file[Math.Max(from, to)..], .. new byte[20]],
                    _ => [.. file[..from], .. file[Math.Min(from, to)..Math.Max(from, to)], .. file[from..]],
                };
            }

            FixChecksums(file);
            if (!TryRead(file, out string message)) AssertHelpful(message);
        }
    }

    public static TheoryData<string, byte[]> Wrong()
    {
        byte[] header = Header(2, 2, 8, 0), pixels = Data(new byte[6]), palette = TestPng.Chunk("PLTE", [1, 2, 3]), indexed = Header(2, 2, 8, 3);
        return new TheoryData<string, byte[]>
        {
            { "no pixels", File(Header(0, 2, 8, 0), pixels, End) },
            { "no pixels", File(Header(2, 0, 8, 0), pixels, End) },
            { "passes the format's limit", File(Header(-1, 2, 8, 0), pixels, End) },
            { "pass the limit of 268435456", File(Header(16385, 16384, 8, 0), pixels, End) },
            { "cannot be in the", File(Header(16384, 16384, 8, 6), pixels, End) },
            { "cannot be in the", File(TestPng.Chunk("IHDR", TestPng.Header(16384, 16384, 16, 6, 1)), pixels, End) },
            { "colour type 1 with 8", File(Header(2, 2, 8, 1), pixels, End) },
            { "colour type 2 with 4", File(Header(2, 2, 4, 2), pixels, End) },
            { "colour type 0 with 3", File(Header(2, 2, 3, 0), pixels, End) },
            { "colour type 3 with 16", File(Header(2, 2, 16, 3), pixels, End) },
            { "interlace method 2", File(TestPng.Chunk("IHDR", TestPng.Header(2, 2, 8, 0, 2)), pixels, End) },
            { "first chunk must be IHDR", File(pixels, header, End) },
            { "length is 12, not 13", File(TestPng.Chunk("IHDR", TestPng.Header(2, 2, 8, 0, 0)[..12]), pixels, End) },
            { "second IHDR", File(header, header, pixels, End) },
            { "no IDAT", File(header, End) },
            { "before IEND", File(header, pixels) },
            { "no PLTE", File(indexed, pixels, End) },
            { "not 3 bytes for each", File(indexed, TestPng.Chunk("PLTE", [1, 2]), pixels, End) },
            { "not 3 bytes for each", File(indexed, TestPng.Chunk("PLTE", []), pixels, End) },
            { "not 3 bytes for each", File(indexed, TestPng.Chunk("PLTE", new byte[771]), pixels, End) },
            { "second PLTE", File(indexed, palette, palette, pixels, End) },
            { "grey picture has no palette", File(header, palette, pixels, End) },
            { "must stand before the pixels", File(indexed, palette, pixels, palette, End) },
            { "must stand before the pixels", File(header, pixels, TestPng.Chunk("tRNS", [0, 0]), End) },
            { "must stand after PLTE", File(indexed, TestPng.Chunk("tRNS", [0]), palette, pixels, End) },
            { "2 alpha values for a palette of 1", File(indexed, palette, TestPng.Chunk("tRNS", [0, 0]), pixels, End) },
            { "length is 3, not 2", File(header, TestPng.Chunk("tRNS", [0, 0, 0]), pixels, End) },
            { "alpha channel already", File(Header(2, 2, 8, 4), TestPng.Chunk("tRNS", [0, 0]), Data(new byte[10]), End) },
            { "palette index past the 1 colours", File(indexed, palette, Data([0, 0, 0, 0, 0, 1]), End) },
            { "filter 5", File(header, Data([0, 0, 0, 5, 0, 0]), End) },
            { "end before row 1", File(header, Data(new byte[5]), End) },
            { "more pixels than 2 x 2", File(header, Data(new byte[7]), End) },
            { "more pixels than 2 x 2", File(header, Data(new byte[50_000_000]), End) },
            { "cannot be inflated", File(header, TestPng.Chunk("IDAT", [1, 2, 3, 4, 5]), End) },
            { "cannot be inflated", File(header, TestPng.Chunk("IDAT", [0x78, 0xBB, 0, 0, 0, 1, 2, 3]), End) },
            { "cannot be inflated", File(header, TestPng.Chunk("IDAT", WrongAdler()), End) },
            { "end before row 0", File(header, TestPng.Chunk("IDAT", []), End) },
            { "between the IDAT chunks", File(header, pixels, TestPng.Chunk("tEXt", []), pixels, End) },
            { "not in the PNG standard", File(header, TestPng.Chunk("CgBI", []), pixels, End) },
            { "not four letters", File(header, TestPng.Chunk("ID3T", []), pixels, End) },
            { "length is 1, not 0", File(header, pixels, TestPng.Chunk("IEND", [0])) },
            { "passes the format's limit", File(header, [0x80, 0, 0, 0, .. "tEXt"u8]) },
            { "checksum", File([.. header[..^1], (byte)(header[^1] ^ 1)], pixels, End) },
            { "not a PNG signature", [.. "\x89PNG\n\x1a\n"u8, .. header, .. pixels, .. End] },
        };
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void EachDefectIsNamed(string expected, byte[] file)
    {
        Assert.False(TryRead(file, out string message));
        Assert.Contains(expected, message, StringComparison.Ordinal);
        AssertHelpful(message);
    }

    [Fact]
    public void APictureThatCannotBeInTheFileTakesNoMemory()
    {
        byte[] bomb = File(Header(16384, 16384, 8, 6), Data(new byte[100]), End);
        TryRead(bomb, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(TryRead(bomb, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void TheLimitOfPixelsIsTheCallers()
    {
        byte[] file = File(Header(2, 2, 8, 0), Data(new byte[6]), End);
        Assert.Equal(4, PngReader.Read(new MemoryStream(file), maximumPixels: 4).Pixels.Length);
        Assert.Throws<ImageFormatException>(() => PngReader.Read(new MemoryStream(file), maximumPixels: 3));
    }

    [Fact]
    public void FailuresOfTheStreamAreNotBlamedOnTheFile()
    {
        byte[] file = new TestPng(40, 40, 2, 8).FillRandom(new Random(1)).Encode();
        Assert.Throws<IOException>(() => PngReader.Read(new FailingStream(file, 200)));
    }

    private static byte[] Header(int width, int height, int depth, int colour) => TestPng.Chunk("IHDR", TestPng.Header(width, height, depth, colour, 0));

    private static byte[] Data(byte[] rows) => TestPng.Chunk("IDAT", TestPng.Deflate(rows));

    private static byte[] File(params byte[][] chunks) => [.. Signature, .. chunks.SelectMany(chunk => chunk)];

    private static byte[] WrongAdler()
    {
        byte[] deflated = TestPng.Deflate(new byte[6]);
        deflated[^1] ^= 1;
        return deflated;
    }

    private static IEnumerable<byte[]> SmallFiles()
    {
        var random = new Random(5);
        yield return new TestPng(5, 3, 2, 8) { Filter = row => row + 2, DataChunkSize = 30 }.FillRandom(random).Encode();
        yield return new TestPng(6, 5, 3, 2) { IsInterlaced = true, Palette = [1, 2, 3, 4, 5, 6, 7, 8, 9], Transparency = [9, 8] }.FillRandom(random).Encode();
        yield return new TestPng(3, 3, 0, 16) { Transparency = [1, 2], Filter = row => row }.FillRandom(random).Encode();
    }

    // Lets damage reach the code behind the checksums.
    private static void FixChecksums(byte[] file)
    {
        for (long start = 8; start + 12 <= file.Length;)
        {
            long length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)start));
            if (start + 12 + length > file.Length) return;
            int end = (int)(start + 8 + length);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(end), TestPng.Checksum(file[((int)start + 4)..end]));
            start = end + 4;
        }
    }

    private static bool TryRead(byte[] file, out string message)
    {
        try
        {
            PngReader.Read(new MemoryStream(file), maximumPixels: 1 << 28);
            message = "";
            return true;
        }
        catch (ImageFormatException failure)
        {
            message = failure.Message;
            return false;
        }
    }

    private static void AssertHelpful(string message)
    {
        Assert.StartsWith("PNG", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Contains("; ", message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }

    private sealed class FailingStream(byte[] data, int good) : MemoryStream(data)
    {
        public override int Read(Span<byte> buffer)
        {
            if (Position >= good) throw new IOException("The disk failed.");
            return base.Read(buffer[..Math.Min(buffer.Length, (int)(good - Position))]);
        }
    }
}
