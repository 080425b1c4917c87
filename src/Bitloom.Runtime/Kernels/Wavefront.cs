namespace Bitloom.Runtime.Kernels;

/// <summary>
/// The order in which one thread runs a few layers of equal geometry depth first, chunk by chunk, so that a chunk's activations are
/// still in cache when the next layer reads them. Each layer is some chunks behind the first, its delay. A layer whose window reads what
/// an earlier one makes, or that overwrites what an earlier one's window reads, has a larger delay; all else is read and written at
/// the same pixel.
/// <code>
/// chunk               0  1  2  3  4  5 | 6  7  8  9 ...    one thread's chunks, then the next one's
/// layer 0, delay 0    0  1  4  7  .  . | .  .  .  .        numbers: order within the thread
/// layer 1, delay 1    2  5  8  .  .  x | x  .  .  .        x: left out at the seam of two threads,
/// layer 2, delay 1    3  6  9  .  .  x | x  .  .  .           made afterwards layer by layer, with barriers
/// </code>
/// The first layer may work by rows: a row belongs to the chunk in which it starts, and the pixels that reach into the next chunk are there
/// before they are needed. At a seam they are another thread's, so that all other layers leave out a chunk more.
/// </summary>
public ref struct Wavefront
{
    // Activations of this size stay in a third-level cache by themselves; then whole layers, whose weights are read once, are faster.
    private const long CachedBytes = 8 << 20;

    private readonly ReadOnlySpan<byte> _delays;
    private readonly PlaneGeometry _geometry;
    private readonly int _blocks, _layers, _chunkBlocks, _first, _end, _ringFirst, _ringEnd;
    private readonly bool _startsWithRows, _seamBefore, _seamAfter, _layerByLayer;
    private int _step, _seamLayer, _seamPart, _ringChunk, _ringChunkBefore;

    /// <summary>Starts the schedule of one thread.</summary>
    /// <param name="geometry">The layers' geometry.</param>
    /// <param name="channels">Channels of the activations that the layers pass on, at most.</param>
    /// <param name="delays">For every layer how many chunks it is behind the first: 0 for the first, never fewer than the layer before.</param>
    /// <param name="padY">Rows that a window reaches above or below its pixel, at most.</param>
    /// <param name="padX">Pixels that a window reaches left or right, at most.</param>
    /// <param name="startsWithRows">True where the first layer works by rows.</param>
    /// <param name="share">What the thread does.</param>
    public Wavefront(PlaneGeometry geometry, int channels, ReadOnlySpan<byte> delays, int padY, int padX, bool startsWithRows, ThreadShare share)
    {
        _delays = delays;
        _geometry = geometry;
        _startsWithRows = startsWithRows;
        _blocks = geometry.Blocks;
        _layers = delays.Length;
        int reach = (Math.Max(padY, startsWithRows ? 1 : 0) * geometry.Pitch) + padX;
        _chunkBlocks = Math.Max((reach + PlaneGeometry.BlockPixels - 1) / PlaneGeometry.BlockPixels, 1);
        int chunks = (_blocks + _chunkBlocks - 1) / _chunkBlocks, most = Behind(_layers - 1);
        (_first, _end) = share.Of(chunks);
        (_seamBefore, _seamAfter) = (share.Part > 0, share.Part < share.Parts - 1);
        _layerByLayer = (share.Parts > 1 && share.LeastOf(chunks) < 2 * (most + 1)) || (long)channels * geometry.FloatStride * sizeof(float) <= CachedBytes;

        // A row that is made again where a buffer starts anew reaches into the chunk before the ring.
        (_ringFirst, _ringEnd) = (_first + (_seamBefore ? most : 0) + (startsWithRows ? 1 : 0), _end - (_seamAfter ? most : 0));
        _step = -1;
        Layer = _layerByLayer ? -1 : _layers - 1;
        IsBarrier = true;
    }

    /// <summary>The layer to run.</summary>
    public int Layer { get; private set; }

    /// <summary>First block to run it on.</summary>
    public int First { get; private set; }

    /// <summary>Block after the last.</summary>
    public int End { get; private set; }

    /// <summary>Row after the last that a layer by rows makes.</summary>
    public readonly int EndRow => RowFrom((long)End * PlaneGeometry.BlockPixels);

    /// <summary>True where all threads must meet instead of running a layer.</summary>
    public bool IsBarrier { get; private set; }

    /// <summary>
    /// How many pixels before its own place the chunk lies in a buffer that only these layers use, and that holds a few chunks at a time.
    /// Away from seams a chunk is done with once the last of the layers that use the buffer has passed it, so that the buffer needs room
    /// for those in flight alone, and stays in cache.
    /// </summary>
    /// <param name="chunks">Chunks in flight between the layers that use the buffer: 1 where all have one delay.</param>
    public readonly nint Fold(int chunks) => Fold(_ringChunk, chunks);

    /// <summary>
    /// The first row that a layer by rows makes: the first that starts in the chunk. Where its buffer starts anew, what the row before
    /// reaches into this chunk lies elsewhere, and that row is made again.
    /// </summary>
    /// <param name="chunks">Chunks that the layer's buffer holds at a time; 0 for all.</param>
    public readonly int FirstRow(int chunks)
    {
        int row = RowFrom((long)First * PlaneGeometry.BlockPixels);
        return chunks > 0 && Fold(_ringChunkBefore, chunks) != Fold(_ringChunk, chunks) ? row - 1 : row;
    }

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

    // Step t runs each layer on chunk first + t - delay; next to a seam a layer stays as many chunks away as it is behind.
    private bool NextInside()
    {
        while (_step <= _end - _first + _delays[^1])
        {
            if (++Layer >= _layers)
            {
                Layer = 0;
                _step++;
            }

            int behind = Behind(Layer), chunk = _first + _step - _delays[Layer];
            bool isInside = chunk >= _first + (_seamBefore ? behind : 0) && chunk < _end - (_seamAfter ? behind : 0);
            if (!isInside || !Run(Layer, chunk, chunk + 1)) continue;
            (_ringChunkBefore, _ringChunk) = (RingChunk(chunk - 1), RingChunk(chunk));
            return true;
        }

        return false;
    }

    // At the seams, for each layer that is behind: a barrier if it is further behind than the layer before it, then the chunks left
    // out before the seam, then those after it.
    private bool NextAtSeam()
    {
        if (!_seamBefore && !_seamAfter) return false;
        _ringChunkBefore = _ringChunk = 0;
        while (true)
        {
            int behind = _seamLayer < _layers ? Behind(_seamLayer) : 0;
            switch (_seamPart++)
            {
                case 0:
                    if (++_seamLayer >= _layers) return false;
                    if (Behind(_seamLayer) == behind) break;
                    IsBarrier = true;
                    return true;
                case 1:
                    if (_seamBefore && Run(_seamLayer, _first, _first + behind)) return true;
                    break;
                default:
                    _seamPart = 0;
                    if (_seamAfter && Run(_seamLayer, _end - behind, _end)) return true;
                    break;
            }
        }
    }

    // How many chunks a layer leaves out at a seam.
    private readonly int Behind(int layer) => _delays[layer] + (_startsWithRows && layer > 0 ? 1 : 0);

    private readonly int RingChunk(int chunk) => chunk >= _ringFirst && chunk < _ringEnd ? chunk - _ringFirst : 0;

    private readonly nint Fold(int ringChunk, int chunks) => (nint)(ringChunk / chunks * chunks) * _chunkBlocks * PlaneGeometry.BlockPixels;

    // The first row that starts at a pixel or after it.
    private readonly int RowFrom(long pixel) => (int)Math.Min((pixel + _geometry.Pitch - 1) / _geometry.Pitch, _geometry.Height);

    private bool Run(int layer, int firstChunk, int endChunk)
    {
        IsBarrier = false;
        Layer = layer;
        First = Math.Min(firstChunk * _chunkBlocks, _blocks);
        End = Math.Min(endChunk * _chunkBlocks, _blocks);
        return First < End;
    }
}
