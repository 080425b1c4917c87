namespace Bitloom.Runtime.Kernels;

/// <summary>
/// The order in which one thread runs a few layers of equal geometry depth first, chunk by chunk, so that a chunk's activations are
/// still in cache when the next layer reads them. Layer l may run on a chunk once layer l - 1 has run on it and on both neighbours;
/// what a layer writes in place it reads at the same pixel only.
/// <code>
/// chunk      0  1  2  3  4  5 | 6  7  8  9 ...      one thread's chunks, then the next one's
/// layer 0    0  1  3  6  .  . | .  .  .  .          numbers: order within the thread
/// layer 1    2  4  7  .  .  x | x  .  .  .          x: left out at the seam of two threads,
/// layer 2    5  8  .  .  x  x | x  x  .  .             made afterwards layer by layer, with barriers
/// </code>
/// </summary>
public ref struct Wavefront
{
    // Activations of this size stay in a third-level cache by themselves; then whole layers, whose weights are read once, are faster.
    private const long CachedBytes = 8 << 20;

    private readonly int _blocks, _layers, _chunkBlocks, _first, _end;
    private readonly bool _seamBefore, _seamAfter, _layerByLayer;
    private int _step, _seamLayer, _seamPart;

    /// <summary>Starts the schedule of one thread.</summary>
    /// <param name="geometry">The layers' geometry.</param>
    /// <param name="channels">Channels of the activations that the layers pass on.</param>
    /// <param name="layers">Layers, 1 or more.</param>
    /// <param name="padY">Rows that a window reaches above or below its pixel, at most.</param>
    /// <param name="padX">Pixels that a window reaches left or right, at most.</param>
    /// <param name="part">The thread.</param>
    /// <param name="parts">Threads in all.</param>
    public Wavefront(PlaneGeometry geometry, int channels, int layers, int padY, int padX, int part, int parts)
    {
        _blocks = geometry.Blocks;
        _layers = layers;
        _chunkBlocks = ((padY * geometry.Pitch) + padX + PlaneGeometry.BlockPixels - 1) / PlaneGeometry.BlockPixels;
        _chunkBlocks = Math.Max(_chunkBlocks, 1);
        int chunks = (_blocks + _chunkBlocks - 1) / _chunkBlocks;
        (_first, _end) = Share.Of(chunks, part, parts);
        (_seamBefore, _seamAfter) = (part > 0, part < parts - 1);
        _layerByLayer = (parts > 1 && chunks / parts < 2 * layers) || (long)channels * geometry.FloatStride * sizeof(float) <= CachedBytes;
        _step = -1;
        Layer = _layerByLayer ? -1 : layers - 1;
        IsBarrier = true;
    }

    /// <summary>The layer to run.</summary>
    public int Layer { get; private set; }

    /// <summary>First block to run it on.</summary>
    public int First { get; private set; }

    /// <summary>Block after the last.</summary>
    public int End { get; private set; }

    /// <summary>True where all threads must meet instead of running a layer.</summary>
    public bool IsBarrier { get; private set; }

    /// <summary>Moves on; false at the end.</summary>
    public bool Next()
    {
        if (_layerByLayer) return NextLayer();
        return NextInside() || NextAtSeam();
    }

    // Layer, barrier, layer, ... A thread without chunks goes along, for the barriers.
    private bool NextLayer()
    {
        IsBarrier = !IsBarrier && Layer < _layers - 1;
        if (IsBarrier) return true;
        if (++Layer >= _layers) return false;
        _ = Run(Layer, _first, _end);
        return true;
    }

    // Step t runs layer l on chunk first + t - l, for l = 0, 1, ...; next to a seam, layer l stays l chunks away.
    private bool NextInside()
    {
        while (_step < _end - _first + _layers)
        {
            if (++Layer >= _layers)
            {
                Layer = 0;
                _step++;
            }

            int chunk = _first + _step - Layer;
            bool isInside = chunk >= _first + (_seamBefore ? Layer : 0) && chunk < _end - (_seamAfter ? Layer : 0);
            if (isInside && Run(Layer, chunk, chunk + 1)) return true;
        }

        return false;
    }

    // At the seams, for each layer but the first: barrier, then the chunks left out before it, then those after it.
    private bool NextAtSeam()
    {
        if (!_seamBefore && !_seamAfter) return false;
        while (true)
        {
            switch (_seamPart++)
            {
                case 0:
                    if (++_seamLayer >= _layers) return false;
                    IsBarrier = true;
                    return true;
                case 1:
                    if (_seamBefore && Run(_seamLayer, _first, _first + _seamLayer)) return true;
                    break;
                default:
                    _seamPart = 0;
                    if (_seamAfter && Run(_seamLayer, _end - _seamLayer, _end)) return true;
                    break;
            }
        }
    }

    private bool Run(int layer, int firstChunk, int endChunk)
    {
        IsBarrier = false;
        Layer = layer;
        First = Math.Min(firstChunk * _chunkBlocks, _blocks);
        End = Math.Min(endChunk * _chunkBlocks, _blocks);
        return First < End;
    }
}
