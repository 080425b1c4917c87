using Bitloom.Runtime;

namespace Bitloom.Training.Kernels;

/// <summary>
/// A convolution of one image with its gradients. Weights are packed once a step; images are dense. Scratch memory is the caller's, one a
/// thread.
/// </summary>
internal sealed unsafe class ConvolutionKernels : IDisposable
{
    private readonly ConvolutionSize _size;
    private readonly ConvolutionGeometry _geometry;
    private readonly int[] _paddedOffsets;
    private readonly NativeBuffer _packed;
    private readonly long[] _packedAt;
    private readonly int[] _forwardIndices;
    private readonly int[][] _backwardIndices;
    private readonly long _packedGroup;

    internal ConvolutionKernels(ConvolutionSize size)
    {
        _size = size;
        _geometry = new ConvolutionGeometry(size);
        _paddedOffsets = WeightGradientKernel.PadOffsets(_geometry.Forward);
        long floats = CorrelationKernel.PackedSize(size.OutputsPerGroup, size.InputsPerGroup * size.KernelSize);
        _packedAt = new long[_geometry.Backward.Length];
        for (int i = 0; i < _packedAt.Length; i++)
        {
            _packedAt[i] = floats;
            floats += CorrelationKernel.PackedSize(size.InputsPerGroup, size.OutputsPerGroup * _geometry.Backward[i].KernelIndices.Length);
        }

        // Backward an output is an input channel, and its weights stand in the order output channel, tap.
        int perOutput = size.InputsPerGroup * size.KernelSize;
        _forwardIndices = [.. Enumerable.Range(0, perOutput)];
        _backwardIndices = [.. _geometry.Backward.Select(b => (int[])[.. from output in Enumerable.Range(0, size.OutputsPerGroup) from k in b.KernelIndices select (output * perOutput) + k])];
        _packedGroup = floats;
        _packed = new NativeBuffer(floats * size.Groups * sizeof(float));
    }

    /// <summary>Floats of scratch memory: the copied source and planes that are not dense.</summary>
    internal long ScratchSize => Math.Max(
        _geometry.Forward.SourceSize + ((_size.Outputs + 3L) * _geometry.Forward.OutputSize),
        _geometry.Backward.Select(b => b.Correlation.SourceSize + ((long)_size.Inputs * b.Correlation.OutputSize)).DefaultIfEmpty().Max());

    /// <summary>Packs weights: outputs x inputs a group x kernel rows x kernel columns.</summary>
    internal void Pack(float* weights)
    {
        float* packed = (float*)_packed.Pointer;
        for (int group = 0; group < _size.Groups; group++, packed += _packedGroup)
        {
            float* own = weights + ((nint)group * _size.OutputsPerGroup * _size.InputsPerGroup * _size.KernelSize);
            CorrelationKernel.Pack(packed, _size.OutputsPerGroup, own, _forwardIndices.Length, _forwardIndices);
            for (int i = 0; i < _packedAt.Length; i++)
                CorrelationKernel.Pack(packed + _packedAt[i], _size.InputsPerGroup, own, _size.KernelSize, _backwardIndices[i]);
        }
    }

    /// <summary><c>y = conv(x) * scale + bias</c>.</summary>
    internal void Forward(float* x, float* y, float* scale, float* bias, float* scratch)
    {
        Correlation correlation = _geometry.Forward;
        CopySource(x, scratch);
        int perGroup = _size.OutputsPerGroup, plane = _size.OutputHeight * _size.OutputWidth;
        float* spread = scratch + correlation.SourceSize;
        for (int group = 0; group < _size.Groups; group++)
        {
            float* source = scratch + ((nint)group * _size.InputsPerGroup * _size.Phases * correlation.PlaneStride);
            nint stride = correlation.IsDense ? plane : correlation.OutputSize;
            var target = new CorrelationTarget((correlation.IsDense ? y : spread) + (group * perGroup * stride), stride)
            {
                Scale = scale == null ? null : scale + (group * perGroup),
                Bias = bias == null ? null : bias + (group * perGroup),
            };
            CorrelationKernel.Run(correlation, source, (float*)_packed.Pointer + (group * _packedGroup), perGroup, target);
        }

        if (correlation.IsDense) return;
        for (int o = 0; o < _size.Outputs; o++)
            PlaneCopy.ToDense(spread + ((nint)o * correlation.OutputSize), correlation, y + ((nint)o * plane), _size.OutputWidth, 1, 1, accumulate: false);
    }

    /// <summary>The gradient of x, stored or added.</summary>
    internal void DataGradient(float* g, float* gx, bool accumulate, float* scratch)
    {
        int plane = _size.Height * _size.Width;

        // Pixels that no tap reads have no gradient, and no phase writes them.
        if (!accumulate && _geometry.Backward.Length < _size.Phases) new Span<float>(gx, _size.Inputs * plane).Clear();
        for (int i = 0; i < _geometry.Backward.Length; i++)
        {
            (Phase phase, Correlation correlation, _) = _geometry.Backward[i];
            for (int o = 0; o < _size.Outputs; o++)
                correlation.CopyPlane(g + ((nint)o * _size.OutputHeight * _size.OutputWidth), _size.OutputHeight, _size.OutputWidth, _size.OutputWidth, 1, 1, scratch + ((nint)o * correlation.PlaneStride));

            bool isDirect = correlation.IsDense && _size.Phases == 1;
            nint stride = isDirect ? plane : correlation.OutputSize;
            float* spread = scratch + correlation.SourceSize, planes = isDirect ? gx : spread;
            for (int group = 0; group < _size.Groups; group++)
            {
                float* source = scratch + ((nint)group * _size.OutputsPerGroup * correlation.PlaneStride);
                var target = new CorrelationTarget(planes + (group * _size.InputsPerGroup * stride), stride) { Accumulates = isDirect && accumulate };
                CorrelationKernel.Run(correlation, source, (float*)_packed.Pointer + (group * _packedGroup) + _packedAt[i], _size.InputsPerGroup, target);
            }

            for (int c = 0; c < _size.Inputs && !isDirect; c++)
            {
                float* first = gx + ((nint)c * plane) + (phase.Row * _size.Width) + phase.Column;
                PlaneCopy.ToDense(spread + ((nint)c * correlation.OutputSize), correlation, first, _size.Width, phase.StrideY, phase.StrideX, accumulate);
            }
        }
    }

    /// <summary>Adds to the gradients of the weights. May read 3 planes beyond g.</summary>
    internal void WeightGradient(float* x, float* g, float* gradient, float* scratch)
    {
        Correlation correlation = _geometry.Forward;
        CopySource(x, scratch);
        int perGroup = _size.OutputsPerGroup, plane = _size.OutputHeight * _size.OutputWidth;
        nint stride = plane;
        if (!correlation.IsDense)
        {
            stride = correlation.OutputSize;
            float* spread = scratch + correlation.SourceSize;
            for (int o = 0; o < _size.Outputs; o++) PlaneCopy.FromDense(g + ((nint)o * plane), correlation, spread + (o * stride));
            g = spread;
        }

        for (int group = 0; group < _size.Groups; group++)
        {
            float* source = scratch + ((nint)group * _size.InputsPerGroup * _size.Phases * correlation.PlaneStride);
            float* own = gradient + ((nint)group * perGroup * correlation.Offsets.Length);
            WeightGradientKernel.Run(correlation, _paddedOffsets, source, g + (group * perGroup * stride), stride, perGroup, own);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _packed.Dispose();

    private void CopySource(float* x, float* scratch)
    {
        Correlation correlation = _geometry.Forward;
        for (int channel = 0; channel < _size.Inputs; channel++, x += _size.Height * _size.Width)
        {
            for (int i = 0; i < _size.Phases; i++, scratch += correlation.PlaneStride)
            {
                Phase phase = _geometry.Phases[i];
                if (!_geometry.IsRead[i]) continue;
                float* first = x + ((nint)phase.Row * _size.Width) + phase.Column;
                correlation.CopyPlane(first, phase.RowsOf(_size.Height), phase.ColumnsOf(_size.Width), _size.Width, phase.StrideY, phase.StrideX, scratch);
            }
        }
    }
}
