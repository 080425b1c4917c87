using System.Reflection;
using System.Runtime.InteropServices;
using Bitloom.Runtime.Images;

namespace Bitloom.Jpeg;

/// <summary>The functions of libjpeg-turbo's TurboJPEG interface (version 2) that are used, and where the library is found.</summary>
internal static unsafe partial class TurboJpegLibrary
{
    /// <summary>Pixel format: red, green, blue.</summary>
    internal const int Rgb = 0;

    /// <summary>Pixel format, and subsampling: luma alone.</summary>
    internal const int Grey = 6, GreySampling = 3;

    /// <summary>Colour space of a grey file.</summary>
    internal const int GreySpace = 2;

    /// <summary>Colour spaces of files for print: CMYK and YCCK.</summary>
    internal const int FirstPrintSpace = 3;

    /// <summary>The cosine transform that libjpeg takes by default, so that pixels are those of other programs.</summary>
    internal const int AccurateTransform = 4096;

    /// <summary>Damaged data are an error, and not guessed at; files of endless scans too.</summary>
    internal const int StopOnWarning = 8192, LimitScans = 32768;

    /// <summary>The output has room enough and is not to be moved.</summary>
    internal const int NoReallocation = 1024;

    private const string Name = "turbojpeg";

    private static readonly string[] FileNames = OperatingSystem.IsWindows() ? ["turbojpeg.dll"]
        : OperatingSystem.IsMacOS() ? ["libturbojpeg.0.dylib", "/opt/homebrew/lib/libturbojpeg.0.dylib"] : ["libturbojpeg.so.0"];

    private static readonly nint Handle = Load();

    static TurboJpegLibrary() =>
        NativeLibrary.SetDllImportResolver(typeof(TurboJpegLibrary).Assembly, static (name, _, _) => name == Name ? Handle : 0);

    /// <summary>True where this machine has the library.</summary>
    internal static bool IsPresent => Handle != 0;

    /// <summary>Refuses to go on without the library.</summary>
    /// <exception cref="ImageFormatException">It is missing; the message says how to get it.</exception>
    internal static void Require()
    {
        if (!IsPresent)
            throw new ImageFormatException($"JPEG needs libjpeg-turbo's library {FileNames[0]}, which is not installed; install it (Debian, Ubuntu: apt-get install libturbojpeg0 or libturbojpeg), or convert the picture to PNG.");
    }

    /// <summary>What went wrong last, without the name of the function.</summary>
    internal static string ErrorOf(nint instance)
    {
        string text = Marshal.PtrToStringUTF8(GetErrorText(instance)) ?? "unknown error";
        int colon = text.IndexOf("(): ", StringComparison.Ordinal);
        return (colon < 0 ? text : text[(colon + 4)..]).ReplaceLineEndings(" ").TrimEnd('.', ' ');
    }

    [LibraryImport(Name, EntryPoint = "tjInitDecompress")]
    internal static partial nint CreateDecoder();

    [LibraryImport(Name, EntryPoint = "tjInitCompress")]
    internal static partial nint CreateEncoder();

    [LibraryImport(Name, EntryPoint = "tjDestroy")]
    internal static partial int Destroy(nint instance);

    [LibraryImport(Name, EntryPoint = "tjDecompressHeader3")]
    internal static partial int ReadHeader(nint decoder, byte* data, nuint size, out int width, out int height, out int sampling, out int space);

    [LibraryImport(Name, EntryPoint = "tjDecompress2")]
    internal static partial int Decode(nint decoder, byte* data, nuint size, byte* pixels, int width, int pitch, int height, int format, int flags);

    [LibraryImport(Name, EntryPoint = "tjBufSize")]
    internal static partial nuint LargestSize(int width, int height, int sampling);

    [LibraryImport(Name, EntryPoint = "tjCompress2")]
    internal static partial int Encode(nint encoder, byte* pixels, int width, int pitch, int height, int format, byte** data, nuint* size, int sampling, int quality, int flags);

    [LibraryImport(Name, EntryPoint = "tjGetErrorStr2")]
    private static partial nint GetErrorText(nint instance);

    private static nint Load()
    {
        Assembly here = typeof(TurboJpegLibrary).Assembly;
        foreach (string file in FileNames)
            if (NativeLibrary.TryLoad(file, here, null, out nint handle)) return handle;
        return 0;
    }
}
