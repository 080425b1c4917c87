using System.Buffers.Text;
using System.Runtime.InteropServices;
using Bitloom.Runtime.Kernels;

namespace Bitloom.Runtime;

/// <summary>
/// A session's weights in the form that its kernels read, made from the packed ones when the session is created. Packed weights are
/// base64 text in the program's data: one literal is one token to the C# compiler, however large.
/// </summary>
/// <param name="vectorWidth">The width of the kernels that will read them.</param>
public sealed unsafe class WeightStore(VectorWidth vectorWidth) : IDisposable
{
    private const long SmallestBuffer = 1 << 14;
    private const long LargestBuffer = 16 << 20;

    private readonly List<IDisposable> _owned = [];
    private readonly int _vectorBytes = (int)vectorWidth / 8;
    private NativeBuffer? _buffer;
    private long _used;

    /// <summary>Bytes in use.</summary>
    public long Bytes { get; private set; }

    /// <summary>Per-channel constants, as they are.</summary>
    public float* Floats(ReadOnlySpan<byte> base64)
    {
        byte[] values = Decode(base64);
        byte* target = Allocate(values.Length);
        values.CopyTo(new Span<byte>(target, values.Length));
        return (float*)target;
    }

    /// <summary>An fp32 convolution's weights, outputs x taps, in the order of its tiles.</summary>
    public float* Convolution(ReadOnlySpan<byte> base64, int outputs, int taps, int groups, int tileOutputs) =>
        Tiles(base64, outputs, taps, groups, tileOutputs, unit: 1, taps);

    /// <summary>
    /// The same for tiles whose lanes are output channels: tiles of at most <paramref name="tileVectors"/> vectors, for each slice of at most
    /// <paramref name="slice"/> taps.
    /// </summary>
    public float* ConvolutionInLanes(ReadOnlySpan<byte> base64, int outputs, int taps, int tileVectors, int slice) =>
        Tiles(base64, outputs, taps, groups: 1, tileVectors, _vectorBytes / sizeof(float), slice);

    /// <summary>A 3 x 3 convolution's weights, outputs x inputs x 3 x 3, for <see cref="ConvWeights.Winograd"/>'s kernels.</summary>
    public float* Winograd(ReadOnlySpan<byte> base64, int outputs, int inputs, int tileOutputs)
    {
        byte[] values = Decode(base64);
        float* target = (float*)Allocate(2L * values.Length);
        ConvWeights.Winograd(MemoryMarshal.Cast<byte, float>(values), outputs, inputs, tileOutputs, target);
        return target;
    }

    /// <summary>The same for <see cref="ConvWeights.WinogradPatches"/>' kernels, in tiles of at most <paramref name="tileVectors"/> vectors.</summary>
    public float* WinogradPatches(ReadOnlySpan<byte> base64, int outputs, int inputs, int tileVectors)
    {
        int lanes = _vectorBytes / sizeof(float);
        float* target = (float*)Allocate(ConvWeights.TiledCount(outputs, 36 * inputs, groups: 1, lanes) * sizeof(float));
        ConvWeights.WinogradPatches(MemoryMarshal.Cast<byte, float>(Decode(base64)), outputs, inputs, tileVectors, lanes, target);
        return target;
    }

    /// <summary>The border pixels of a plane under a window; freed with the store.</summary>
    public BorderPatches Borders(PlaneGeometry geometry, int kernelHeight, int kernelWidth, int padTop, int padLeft, int dilationY, int dilationX)
    {
        var borders = new BorderPatches(geometry, kernelHeight, kernelWidth, padTop, padLeft, dilationY, dilationX, _vectorBytes);
        _owned.Add(borders);
        return borders;
    }

    /// <summary>A binary convolution whose kernel shares carries.</summary>
    /// <param name="base64">Outputs x whole 64-bit words of weight signs.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="channels">Input channels of one output.</param>
    /// <param name="borders">Where the window reaches over the border; null for a 1 x 1 kernel.</param>
    /// <param name="constants">Constants of the epilogue, or null.</param>
    public BinaryLayer BinaryCarries(ReadOnlySpan<byte> base64, int outputs, int channels, BorderPatches? borders, float* constants)
    {
        byte[] packed = Decode(base64);
        int taps = channels * Window(borders);
        var layer = new BinaryLayer
        {
            Patterns = (ushort*)Allocate((long)outputs * BinaryWeights.Slots(taps) * sizeof(ushort)),
            LowBitFlips = (ulong*)Allocate((long)outputs * sizeof(ulong)),
            Constants = constants,
        };
        BinaryWeights.ExpandPatterns(packed, outputs, taps, _vectorBytes, layer.Patterns, layer.LowBitFlips);
        Correct(ref layer, packed, outputs, channels, borders);
        return layer;
    }

    /// <summary>A binary convolution whose kernel counts four output channels at once.</summary>
    /// <param name="base64">Outputs x whole 64-bit words of weight signs.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="channels">Input channels of one output.</param>
    /// <param name="borders">Where the window reaches over the border; null for a 1 x 1 kernel.</param>
    /// <param name="constants">Constants of the epilogue, or null.</param>
    /// <param name="listLength">Taps of each of a quartet's 16 lists.</param>
    /// <param name="groups">Groups of output channels, each a multiple of 4, within which the kernel may take them in any order.</param>
    public BinaryLayer BinaryQuartets(ReadOnlySpan<byte> base64, int outputs, int channels, BorderPatches? borders, float* constants, int listLength, int groups)
    {
        byte[] packed = Decode(base64);
        var layer = new BinaryLayer { Constants = constants };
        QuartetWeights.Expand(packed, outputs, channels * Window(borders), listLength, groups, _vectorBytes / sizeof(ulong), bytes => (IntPtr)Allocate(bytes), ref layer);
        Correct(ref layer, packed, outputs, channels, borders);
        return layer;
    }

    /// <summary>A binary convolution of up to four input channels an output, for kernels that look up (<see cref="SignCodes"/>).</summary>
    /// <param name="base64">Outputs x whole 64-bit words of weight signs.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="channels">Input channels of one output.</param>
    /// <param name="window">Taps of the kernel.</param>
    /// <param name="constants">Constants of the epilogue, or null.</param>
    public BinaryLayer BinaryTables(ReadOnlySpan<byte> base64, int outputs, int channels, int window, float* constants)
    {
        byte* tables = Allocate((long)outputs * window * SignCodes.TableEntries);
        SignCodes.ExpandTables(Decode(base64), outputs, channels, window, (sbyte*)tables);
        return new BinaryLayer { Tables = tables, Constants = constants };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned) owned.Dispose();
        _owned.Clear();
    }

    private float* Tiles(ReadOnlySpan<byte> base64, int outputs, int taps, int groups, int tile, int unit, int slice)
    {
        float* target = (float*)Allocate(ConvWeights.TiledCount(outputs, taps, groups, unit) * sizeof(float));
        ConvWeights.Reorder(MemoryMarshal.Cast<byte, float>(Decode(base64)), outputs, taps, groups, tile, unit, slice, target);
        return target;
    }

    private static int Window(BorderPatches? borders) => borders is null ? 1 : borders.KernelHeight * borders.KernelWidth;

    private void Correct(ref BinaryLayer layer, byte[] packed, int outputs, int channels, BorderPatches? borders)
    {
        if (borders is null) return;
        layer.BorderClasses = borders.Classes.Count;
        layer.PatchStarts = borders.Starts;
        layer.Patches = borders.Patches;
        layer.Corrections = (short*)Allocate((long)outputs * layer.BorderClasses * sizeof(short));
        BinaryWeights.ExpandCorrections(packed, outputs, channels, borders, layer.Corrections);
    }

    // Weights share buffers that grow with the network, so that those of a large one lie in large pages, however small each is.
    private byte* Allocate(long bytes)
    {
        if (_buffer is null || _used + bytes > _buffer.Bytes)
        {
            _buffer = new NativeBuffer(Math.Max(bytes, Math.Clamp(Bytes, SmallestBuffer, LargestBuffer)));
            _owned.Add(_buffer);
            _used = 0;
        }

        long offset = NativeBuffer.Reserve(ref _used, bytes);
        Bytes += _used - offset;
        return _buffer.Pointer + offset;
    }

    private static byte[] Decode(ReadOnlySpan<byte> base64)
    {
        byte[] values = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (Base64.DecodeFromUtf8(base64, values, out _, out int written) != System.Buffers.OperationStatus.Done)
            throw new InvalidOperationException("Weights in the program are damaged: compile it again from its descriptor.");
        return written == values.Length ? values : values[..written];
    }
}
