using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Bitloom.Runtime;

namespace Bitloom.Training.Kernels;

/// <summary>
/// The forward pass of a binary convolution in bytes, for the form that networks are full of: stride 1, an output as large as the input, one
/// group, fours of channels, rows of whole vectors. Everything else is computed in single precision, with equal results.
/// </summary>
internal sealed unsafe class SignConvolution : IDisposable
{
    // A byte of 1 stands for 0 between -1 (0) and +1 (2).
    private const uint Padding = 0x01010101;

    // Sums of as many bytes of up to 2 fit 16 bits with a sign.
    private const int MostWeights = 8192;

    private readonly ConvolutionSize _size;
    private readonly Correlation _correlation;
    private readonly NativeBuffer _weights, _totals;

    private SignConvolution(ConvolutionSize size, Correlation correlation)
    {
        (_size, _correlation) = (size, correlation);
        _weights = new NativeBuffer(CorrelationKernel.PackedSize(size.Outputs, correlation.Offsets.Length) * (long)sizeof(uint));
        _totals = new NativeBuffer((size.Outputs + CorrelationTile.Outputs) * sizeof(int));
    }

    /// <summary>Floats of scratch memory.</summary>
    internal long ScratchSize => _correlation.SourceSize;

    /// <summary>Null where the convolution has another form, or the processor lacks the instructions.</summary>
    internal static SignConvolution? TryCreate(ConvolutionSize size)
    {
        bool fits = Avx512BW.IsSupported && size.Phases == 1 && size.Groups == 1 && size.Inputs % 4 == 0 && size.Width % Correlation.Lanes == 0
            && size.OutputWidth == size.Width && size.OutputHeight == size.Height && size.Inputs * size.KernelSize <= MostWeights;
        if (!fits) return null;
        Compiler.Operators.Window window = size.Window;
        Tap[] taps = [.. from four in Enumerable.Range(0, size.Inputs / 4)
                         from ky in Enumerable.Range(0, size.KernelHeight)
                         from kx in Enumerable.Range(0, size.KernelWidth)
                         select new Tap(four, (ky * window.DilationY) - window.PadTop, (kx * window.DilationX) - window.PadLeft)];
        return new SignConvolution(size, new Correlation(size.Inputs / 4, size.OutputHeight, size.OutputWidth, taps));
    }

    /// <summary>Packs the signs of weights, given as +-1.</summary>
    internal void Pack(float* weights)
    {
        uint* packed = (uint*)_weights.Pointer;
        int* totals = (int*)_totals.Pointer;
        int kernel = _size.KernelSize, perOutput = _size.Inputs * kernel;
        new Span<int>(totals, _size.Outputs + CorrelationTile.Outputs).Clear();
        for (int tile = 0; tile < _size.Outputs; tile += CorrelationTile.Outputs)
        {
            for (int k = 0; k < _correlation.Offsets.Length; k++)
            {
                float* first = weights + ((nint)tile * perOutput) + (k / kernel * 4 * kernel) + (k % kernel);
                for (int o = tile; o < tile + CorrelationTile.Outputs; o++, first += perOutput)
                    *packed++ = o < _size.Outputs ? PackFour(first, kernel, ref totals[o]) : 0;
            }
        }
    }

    /// <summary><c>y = conv(x) * scale + bias</c>, x of -1 and +1.</summary>
    internal void Forward(float* x, float* y, float* scale, float* bias, float* scratch)
    {
        CopySource(x, (uint*)scratch);
        var target = new CorrelationTarget(y, _size.OutputHeight * _size.OutputWidth) { Scale = scale, Bias = bias };
        int count = _correlation.Positions.Length, fours = _correlation.Offsets.Length;
        Vector512<float>* aligned = stackalloc Vector512<float>[(CorrelationTile.Outputs * CorrelationTile.Vectors) + 1];
        float* sums = (float*)(((nint)aligned + 63) & ~(nint)63);
        uint* source = (uint*)scratch, weights = (uint*)_weights.Pointer;
        int* totals = (int*)_totals.Pointer;
        fixed (int* positions = _correlation.Positions, offsets = _correlation.Offsets)
        {
            for (int n = 0; n < count; n += CorrelationTile.Vectors)
            {
                // The last three positions may be among those done already; they are computed again.
                int start = Math.Max(0, Math.Min(n, count - CorrelationTile.Vectors)), second = Math.Min(start + 1, count - 1), third = Math.Min(start + 2, count - 1);
                for (int o = 0; o < _size.Outputs; o += CorrelationTile.Outputs)
                {
                    SignTile.Run(source + positions[start], source + positions[second], source + positions[third], offsets, fours, weights + ((nint)o * fours), totals + o, sums);
                    int outputs = Math.Min(CorrelationTile.Outputs, _size.Outputs - o);
                    if (count >= CorrelationTile.Vectors) CorrelationKernel.Store(sums, CorrelationTile.Vectors, start, o, outputs, target);
                    else StoreFew(sums, count, o, outputs, target);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _totals.Dispose();
    }

    private static uint PackFour(float* first, int stride, ref int total)
    {
        uint four = 0;
        for (int channel = 0; channel < 4; channel++)
        {
            int sign = first[channel * stride] >= 0 ? 1 : -1;
            total += sign;
            four |= (uint)(byte)(sbyte)sign << (8 * channel);
        }

        return four;
    }

    // Fewer positions than a tile has: each channel's vectors lie a tile apart.
    private static void StoreFew(float* sums, int vectors, int firstOutput, int outputs, in CorrelationTarget target)
    {
        for (int o = 0; o < outputs; o++)
            CorrelationKernel.Store(sums + (o * CorrelationTile.Vectors * Correlation.Lanes), vectors, 0, firstOutput + o, 1, target);
    }

    private void CopySource(float* x, uint* target)
    {
        int plane = _size.Height * _size.Width;
        new Span<uint>(target, _correlation.SourceSize).Fill(Padding);
        for (int four = 0; four < _size.Inputs / 4; four++, x += 4 * plane, target += _correlation.PlaneStride)
        {
            uint* row = target + (_correlation.Top * _correlation.Pitch) + _correlation.Gap;
            for (int y = 0; y < _size.Height; y++, row += _correlation.Pitch)
            {
                for (int i = 0; i < _size.Width; i += Correlation.Lanes)
                {
                    float* at = x + (y * _size.Width) + i;
                    Vector512<uint> bytes = Positive(at) | (Positive(at + plane) << 8) | (Positive(at + (2 * plane)) << 16) | (Positive(at + (3 * plane)) << 24);
                    bytes.Store(row + i);
                }
            }
        }
    }

    // 2 where the sign bit is 0.
    private static Vector512<uint> Positive(float* x) => (~Vector512.Load((uint*)x) >>> 31) << 1;
}
