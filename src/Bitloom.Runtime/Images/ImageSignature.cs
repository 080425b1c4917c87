using System.Buffers.Binary;

namespace Bitloom.Runtime.Images;

/// <summary>Tells file formats apart by their first bytes.</summary>
internal static class ImageSignature
{
    /// <summary>Bytes that are enough to tell.</summary>
    internal const int Length = 16;

    /// <summary>The name of a well-known format that Bitloom does not read; null where the bytes say nothing.</summary>
    internal static string? NameOfUnsupported(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return "a JPEG";
        if (start.StartsWith("GIF8"u8)) return "a GIF";
        if (start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..].StartsWith("WEBP"u8)) return "a WebP";
        if (start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8)) return "a TIFF (or a camera's raw file)";
        if (start.StartsWith("BM"u8)) return "a Windows bitmap (BMP)";
        if (start.StartsWith("8BPS"u8)) return "a Photoshop document";
        if (start.StartsWith("qoif"u8)) return "a QOI";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x76, 0x2F, 0x31, 0x01])) return "an OpenEXR";
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || IsBox(start, "JXL "u8)) return "a JPEG XL";
        if (IsBox(start, "jP  "u8)) return "a JPEG 2000";
        if (IsBox(start, "ftyp"u8)) return "an AVIF, HEIC or video";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x93]) && start[1..].StartsWith("NUMPY"u8)) return "a NumPy array";
        if (start.StartsWith("version https://"u8)) return "a Git LFS pointer (fetch the file itself with git lfs pull)";
        return start.Length >= 3 && start[0] == 'P' && start[2] is (byte)'\n' or (byte)'\r' or (byte)' ' ? NameOfNetpbm(start[1]) : null;
    }

    private static string? NameOfNetpbm(byte kind) => (char)kind switch
    {
        '1' or '4' => "a PBM (one bit a pixel)",
        '2' => "a PGM in text form (P2)",
        '3' => "a PPM in text form (P3)",
        '7' => "a PAM",
        'F' or 'f' => "a PFM (floating point)",
        _ => null,
    };

    // The ISO base media formats start with a box: four bytes of length, then its type.
    private static bool IsBox(ReadOnlySpan<byte> start, ReadOnlySpan<byte> type) =>
        start.Length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(start) < 4096 && start[4..].StartsWith(type);
}
