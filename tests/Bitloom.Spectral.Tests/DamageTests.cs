using System.Diagnostics;
using System.Text;
using Bitloom.Arrays;
using Bitloom.Arrays.Matlab;
using Bitloom.Arrays.Numpy;
using Bitloom.Arrays.Safetensors;
using Bitloom.Spectral.Files;

namespace Bitloom.Spectral.Tests;

/// <summary>Damaged files cause one kind of exception, at once, and no memory for what they only claim.</summary>
public class DamageTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Files() => ["f4.npy", "f8_big_fortran.npy", "plain.mat", "compressed.mat", "big.mat", "safetensors", "bil_u2_big.hdr", "bil_u2_big.raw"];

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryTruncationIsRefused(string name)
    {
        byte[] file = Content(name);

        // What follows the arrays that are read, or a header's last line, does not matter to what is read.
        int needed = name switch { "bil_u2_big.hdr" => 20, "plain.mat" or "compressed.mat" or "big.mat" => 128, _ => file.Length };
        for (int length = 0; length < file.Length; length++)
        {
            bool wasRead = TryRead(name, file[..length], out string message);
            if (length < needed) Assert.False(wasRead, Invariant($"{length} of {file.Length} bytes were accepted"));
            if (!wasRead) AssertHelpful(message);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void ChangedBytesAreRefusedOrHarmless(string name)
    {
        byte[] file = Content(name);
        var clock = Stopwatch.StartNew();
        int refused = 0;
        for (int seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            byte[] damaged = [.. file];
            for (int change = random.Next(1, 4); change > 0; change--) damaged[random.Next(file.Length)] = (byte)random.Next(256);
            if (TryRead(name, damaged, out string message)) continue;
            AssertHelpful(message);
            refused++;
        }

        Assert.True(refused > 0 || name == "bil_u2_big.raw", "no change was ever noticed");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Limit);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void PartsThatAreCutOutOrRepeatedAreRefusedOrHarmless(string name)
    {
        byte[] file = Content(name);
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            int from = random.Next(file.Length), to = random.Next(file.Length);
            byte[] damaged = random.Next(2) == 0 ? [.. file[..Math.Min(from, to)], .. file[Math.Max(from, to)..]] : [.. file[..Math.Max(from, to)], .. file[Math.Min(from, to)..]];
            if (!TryRead(name, damaged, out string message)) AssertHelpful(message);
        }
    }

    [Fact]
    public void TheSumOfCompressedDataIsChecked()
    {
        byte[] file = Content("narrow.mat");
        Assert.True(TryRead("narrow.mat", file, out _));
        file[^1] ^= 1;
        Assert.False(TryRead("narrow.mat", file, out string message));
        Assert.Contains("cannot be inflated", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SmallFilesThatClaimGigabytesTakeNoMemory()
    {
        byte[] npy = [0x93, .. "NUMPY"u8, 1, 0, 70, 0, .. Encoding.ASCII.GetBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (10000, 20000), }".PadRight(70)), .. new byte[100]];
        byte[] mat = Content("plain.mat");
        int dimensions = mat.AsSpan().IndexOf((ReadOnlySpan<byte>)[3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0]);
        Assert.True(dimensions > 0);
        new byte[] { 0x10, 0x27, 0, 0, 0x10, 0x27 }.CopyTo(mat, dimensions);
        new byte[] { 1, 0, 0, 0 }.CopyTo(mat, dimensions + 8);
        TryRead("x.npy", npy, out _);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(TryRead("x.npy", npy, out string message));
        Assert.Contains("takes 800000000 bytes, and it holds 100", message, StringComparison.Ordinal);
        Assert.False(TryRead("x.mat", mat, out message));
        Assert.Contains("take 800000000 bytes as F64", message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static byte[] Content(string name)
    {
        if (name != "safetensors") return Golden.Bytes(name);
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, [("a", [2, 3], Golden.Ramp(6)), ("b", [3], Golden.Ramp(3))]);
        return stream.ToArray();
    }

    private static bool TryRead(string name, byte[] file, out string message)
    {
        try
        {
            Read(name, new MemoryStream(file));
            message = "";
            return true;
        }
        catch (ArrayFormatException failure)
        {
            message = failure.Message;
            return false;
        }
    }

    private static void Read(string name, MemoryStream stream)
    {
        switch (Path.GetExtension(name))
        {
            case ".npy":
                NpyReader.Read(stream, "file");
                break;
            case ".mat":
                foreach (MatVariable variable in MatReader.List(stream, "file")) MatReader.Read(stream, variable, "file");
                break;
            case ".hdr":
                EnviHeader.Parse(Encoding.UTF8.GetString(stream.ToArray()), "file");
                break;
            case ".raw":
                EnviReader.Read(stream, EnviHeader.Parse(File.ReadAllText(Golden.PathOf(Path.ChangeExtension(name, ".hdr"))), "file"), "file");
                break;
            default:
                IReadOnlyList<SafetensorsEntry> entries = SafetensorsFile.List(stream, "file");
                long start = stream.Position;
                foreach (SafetensorsEntry entry in entries) SafetensorsFile.ReadValues(stream, start, entry, "file");
                break;
        }
    }

    private static void AssertHelpful(string message)
    {
        Assert.StartsWith("file: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.True(message.Contains("; ", StringComparison.Ordinal), message);
    }
}
