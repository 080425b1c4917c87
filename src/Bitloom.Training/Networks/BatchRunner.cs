using Bitloom.Runtime;
using Bitloom.Training.Kernels;
using Bitloom.Training.Layers;
using Bitloom.Training.Losses;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Networks;

/// <summary>What a run does.</summary>
internal enum RunKind
{
    Evaluate,
    Step,
    Forward,
    Backward,
}

/// <summary>
/// Runs a batch on a few threads, each with its own share of the images. Where no layer looks at the whole batch, an image passes forward and
/// backward before the next begins, in the same memory, so that its activations are still in the cache when the backward pass reads them.
/// Else images pass from one batch-wide layer to the next together, each in memory of its own. Every thread sums parameters' gradients
/// by itself; at the end they are added in the order of the threads, so results depend on the number of threads but not on time.
/// </summary>
internal sealed unsafe class BatchRunner : IDisposable
{
    private readonly LayerChain _chain;
    private readonly ParameterSet _parameters;
    private readonly BatchBuffers _buffers;
    private readonly ThreadTeam _team;
    private readonly NativeBuffer _arenas;
    private readonly NativeBuffer[] _scratch, _gradients;
    private readonly double[] _losses;
    private readonly long _arenaStride;
    private readonly bool _keepsImages;
    private readonly int[] _segments;
    private RunKind _kind;
    private int _images;
    private Loss? _loss;

    internal BatchRunner(LayerChain chain, ParameterSet parameters, TrainingShape shape, BatchBuffers buffers)
    {
        (_chain, _parameters, _buffers) = (chain, parameters, buffers);
        int threads = Math.Min(shape.Threads, shape.Batch);
        int[] batchWide = [.. Enumerable.Range(0, chain.Layers.Length).Where(i => chain.Layers[i] is IBatchWide)];
        foreach (int i in batchWide) ((IBatchWide)chain.Layers[i]).Attach(threads);

        // A segment begins at the first layer and at every batch-wide one.
        _segments = [.. batchWide.Prepend(0).Distinct(), chain.Layers.Length];
        _keepsImages = shape.KeepsActivations || batchWide.Length > 0;
        _arenaStride = (chain.ArenaSize + 15) / 16 * 16;
        _arenas = new NativeBuffer(_arenaStride * sizeof(float) * (_keepsImages ? shape.Batch : threads));
        long scratch = chain.Layers.Select(l => l.ScratchSize).DefaultIfEmpty().Max() + 16;
        _scratch = [.. Enumerable.Range(0, threads).Select(_ => new NativeBuffer(scratch * sizeof(float)))];
        _gradients = [.. Enumerable.Range(0, threads).Select(_ => new NativeBuffer(Math.Max(parameters.Size, 1) * (long)sizeof(float)))];
        _losses = new double[shape.Batch];
        MemoryBytes = _arenas.Bytes + _scratch.Sum(b => b.Bytes) + _gradients.Sum(b => b.Bytes);
        _team = new ThreadTeam(threads, Work);
    }

    internal long MemoryBytes { get; }

    /// <summary>Runs a batch; returns the loss of a step.</summary>
    internal double Run(RunKind kind, int images, Loss? loss)
    {
        if (images < 1 || images > _losses.Length) throw new ArgumentOutOfRangeException(nameof(images), images, Invariant($"1 to {_losses.Length} images are possible"));
        (_kind, _images, _loss) = (kind, images, loss);
        _team.Run();
        return kind == RunKind.Step ? loss!.Finish(TotalLoss()) : 0;
    }

    /// <summary>An image's pass outside a run, on the caller's thread.</summary>
    internal ImagePass PassOf(int image) => MakePass(image, part: 0);

    /// <summary>Puts an image's inputs in place.</summary>
    internal void LoadInputs(in ImagePass pass, int image)
    {
        for (int i = 0; i < _chain.Inputs.Length; i++)
        {
            int count = _chain.Inputs[i].Count;
            Elementwise.Copy(_buffers.InputPointer(i) + ((nint)image * count), pass.Value(_chain.Inputs[i]), count, accumulate: false);
        }
    }

    /// <summary>The loss of an image whose output is there, with the output's gradient.</summary>
    internal double EvaluateLoss(in ImagePass pass, int image)
    {
        int count = _chain.Output.Count, targets = _buffers.TargetStride;
        return _loss!.Evaluate(
            new ReadOnlySpan<float>(pass.Value(_chain.Output), count),
            new ReadOnlySpan<float>(_buffers.TargetPointer + ((nint)image * targets), targets),
            new Span<float>(pass.Gradient(_chain.Output), count), _images);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _team.Dispose();
        _arenas.Dispose();
        foreach (NativeBuffer buffer in _scratch) buffer.Dispose();
        foreach (NativeBuffer buffer in _gradients) buffer.Dispose();
    }

    private double TotalLoss()
    {
        double sum = 0;
        for (int i = 0; i < _images; i++) sum += _losses[i];
        return sum;
    }

    private ImagePass MakePass(int image, int part) => new(
        (float*)_arenas.Pointer + ((_keepsImages ? image : part) * _arenaStride),
        _parameters.ValuesPointer, (float*)_gradients[part].Pointer, (float*)_scratch[part].Pointer, _kind != RunKind.Evaluate);

    private (int Start, int End) Share(int part) => (part * _images / _team.Size, (part + 1) * _images / _team.Size);

    private void Work(int part)
    {
        if (_kind != RunKind.Backward)
        {
            for (int i = part; i < _chain.Layers.Length; i += _team.Size) _chain.Layers[i].Prepare();
        }

        if (_kind is RunKind.Step or RunKind.Backward) new Span<float>(_gradients[part].Pointer, _parameters.Size).Clear();
        _team.Barrier();
        if (_keepsImages && _kind != RunKind.Evaluate)
        {
            if (_kind != RunKind.Backward) RunForward(part);
            if (_kind != RunKind.Forward) RunBackward(part);
        }
        else RunImages(part);

        if (_kind is RunKind.Step or RunKind.Backward) FinishGradients(part);
    }

    // Image by image, each from start to end.
    private void RunImages(int part)
    {
        (int start, int end) = Share(part);
        for (int image = start; image < end; image++)
        {
            ImagePass pass = MakePass(image, part);
            LoadInputs(pass, image);
            foreach (Layer layer in _chain.Layers) layer.Forward(pass);
            if (_kind == RunKind.Evaluate) StoreOutput(pass, image);
            else
            {
                _losses[image] = EvaluateLoss(pass, image);
                for (int i = _chain.Layers.Length - 1; i >= 0; i--)
                    if (_chain.Layers[i].Output.NeedsGradient) _chain.Layers[i].Backward(pass);
            }
        }
    }

    private void RunForward(int part)
    {
        (int start, int end) = Share(part);
        for (int image = start; image < end; image++) LoadInputs(MakePass(image, part), image);
        for (int segment = 0; segment < _segments.Length - 1; segment++)
        {
            if (_chain.Layers[_segments[segment]] is IBatchWide wide)
            {
                for (int round = 0; round < wide.ForwardRounds; round++)
                {
                    for (int image = start; image < end; image++) wide.CollectForward(round, MakePass(image, part), part);
                    _team.Barrier();
                    if (part == 0) wide.CombineForward(round, _images);
                    _team.Barrier();
                }
            }

            for (int image = start; image < end; image++)
            {
                ImagePass pass = MakePass(image, part);
                for (int i = _segments[segment]; i < _segments[segment + 1]; i++) _chain.Layers[i].Forward(pass);
            }
        }

        for (int image = start; image < end; image++)
        {
            ImagePass pass = MakePass(image, part);
            if (_kind == RunKind.Step) _losses[image] = EvaluateLoss(pass, image);
            else StoreOutput(pass, image);
        }
    }

    private void RunBackward(int part)
    {
        (int start, int end) = Share(part);
        int count = _chain.Output.Count;
        for (int image = start; image < end && _kind == RunKind.Backward; image++)
            Elementwise.Copy(_buffers.OutputGradientPointer + ((nint)image * count), MakePass(image, part).Gradient(_chain.Output), count, accumulate: false);
        for (int segment = _segments.Length - 2; segment >= 0; segment--)
        {
            int first = _segments[segment];
            var wide = _chain.Layers[first] as IBatchWide;
            for (int image = start; image < end; image++)
            {
                ImagePass pass = MakePass(image, part);
                for (int i = _segments[segment + 1] - 1; i >= first; i--)
                {
                    if (!_chain.Layers[i].Output.NeedsGradient) continue;
                    if (i == first && wide is not null) wide.CollectBackward(pass, part);
                    else _chain.Layers[i].Backward(pass);
                }
            }

            if (wide is null || !_chain.Layers[first].Output.NeedsGradient) continue;
            _team.Barrier();
            if (part == 0) wide.CombineBackward(_images);
            _team.Barrier();
            for (int image = start; image < end; image++) _chain.Layers[first].Backward(MakePass(image, part));
        }

        for (int image = start; image < end; image++) StoreInputGradients(MakePass(image, part), image);
    }

    // Each thread adds up all threads' gradients of its part of the parameters.
    private void FinishGradients(int part)
    {
        _team.Barrier();
        float factor = _kind == RunKind.Step ? (float)_loss!.Slope(TotalLoss()) : 1;
        int start = (int)((long)part * _parameters.Size / 16 / _team.Size) * 16, end = part == _team.Size - 1 ? _parameters.Size : (int)((long)(part + 1) * _parameters.Size / 16 / _team.Size) * 16;
        float* total = (float*)_gradients[0].Pointer;
        for (int other = 1; other < _gradients.Length; other++)
            Elementwise.Copy((float*)_gradients[other].Pointer + start, total + start, end - start, accumulate: true);
        Elementwise.Map(total + start, _parameters.GradientsPointer + start, end - start, new Elementwise.Multiple(factor), accumulate: true);
        _team.Barrier();
        for (int i = part; i < _chain.Layers.Length; i += _team.Size) _chain.Layers[i].FinishGradients();
    }

    private void StoreOutput(in ImagePass pass, int image)
    {
        int count = _chain.Output.Count;
        Elementwise.Copy(pass.Value(_chain.Output), _buffers.OutputPointer + ((nint)image * count), count, accumulate: false);
    }

    private void StoreInputGradients(in ImagePass pass, int image)
    {
        for (int i = 0; i < _chain.Inputs.Length; i++)
        {
            int count = _chain.Inputs[i].Count;
            float* target = _buffers.InputGradientPointer(i);
            if (target != null) Elementwise.Copy(pass.Gradient(_chain.Inputs[i]), target + ((nint)image * count), count, accumulate: false);
        }
    }
}
