using System.Runtime.InteropServices;

namespace Bitloom.Runtime;

/// <summary>Zeroed memory outside the managed heap, aligned to 64 bytes: a session's arena or its weights.</summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    /// <summary>Allocates.</summary>
    /// <exception cref="OutOfMemoryException">The machine does not give that much.</exception>
    public NativeBuffer(long bytes)
    {
        Bytes = bytes;
        bool isLarge = bytes >= LargePages.PageBytes;
        Pointer = (byte*)NativeMemory.AlignedAlloc(checked((nuint)bytes), isLarge ? (nuint)LargePages.PageBytes : 64);
        if (isLarge) LargePages.Advise(Pointer, bytes);
        NativeMemory.Clear(Pointer, (nuint)bytes);
    }

    /// <summary>Frees memory whose owner forgot to.</summary>
    ~NativeBuffer() => Free();

    /// <summary>First byte; null after <see cref="Dispose"/>.</summary>
    public byte* Pointer { get; private set; }

    /// <summary>Size in bytes.</summary>
    public long Bytes { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sets aside <paramref name="bytes"/> at a multiple of 64 in a buffer being laid out; returns the offset.</summary>
    public static long Reserve(ref long size, long bytes)
    {
        long offset = size;
        size = checked(size + ((bytes + 63) / 64 * 64));
        return offset;
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
