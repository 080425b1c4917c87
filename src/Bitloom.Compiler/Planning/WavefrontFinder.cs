using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Planning;

/// <summary>
/// Finds runs of steps that may run depth first, as a wavefront over chunks of the image: binary convolutions, normalisations and
/// elementwise work of one geometry, each of which reads what the ones before it make. A step by itself streams its tensors through
/// memory; a wavefront streams only what enters and leaves it. It may begin with a step by rows that brings a tensor of another size.
/// <para>
/// A step that reads no pixels around its own follows the one before it on the same chunk. A window needs the next chunk too, so that
/// its step, and all after it, run one chunk later; so does a step that overwrites what an earlier step's window reads.
/// </para>
/// </summary>
internal sealed class WavefrontFinder
{
    // What should stay in a second-level cache, and how many convolutions with a window are in flight there at most, and at least.
    private const int CacheBytes = 1 << 20;
    private const int MostWindows = 8;
    private const int LeastWindows = 2;
    private const int ChunkPixels = 512;

    private readonly IReadOnlyList<Step> _steps;
    private readonly IReadOnlyList<Branch?> _branches;
    private readonly IReadOnlyList<Slot> _slots;
    private readonly IReadOnlyList<Lifetime> _lifetimes;

    private WavefrontFinder(IReadOnlyList<Step> steps, IReadOnlyList<Branch?> branches, IReadOnlyList<Slot> slots, IReadOnlyList<Lifetime> lifetimes) =>
        (_steps, _branches, _slots, _lifetimes) = (steps, branches, slots, lifetimes);

    /// <summary>The wavefronts of a plan.</summary>
    /// <param name="steps">Its steps.</param>
    /// <param name="branches">The branch of a gate that each step belongs to: a wavefront stays within one.</param>
    /// <param name="slots">Its slots.</param>
    /// <param name="lifetimes">When each slot holds a tensor.</param>
    internal static EquatableArray<WavefrontRange> Find(
        IReadOnlyList<Step> steps, IReadOnlyList<Branch?> branches, IReadOnlyList<Slot> slots, IReadOnlyList<Lifetime> lifetimes) =>
        new WavefrontFinder(steps, branches, slots, lifetimes).Find().ToEquatableArray();

    private IEnumerable<WavefrontRange> Find()
    {
        for (int first = 0; first < _steps.Count;)
        {
            int count = 1;
            while (Follows(first, count) && HasRoom(first, count + 1)) count++;

            // Where only the cache ends it, it ends where least has to be kept for the next.
            if (Follows(first, count)) count = Enumerable.Range(1, count).Reverse().OrderBy(c => ChannelsAcross(first + c)).First();
            if (Flat(first, count).Count(s => s.Source is BinaryConvSource) > 1)
            {
                int[] delays = Delays(first, count);
                yield return new WavefrontRange(first, count, delays.ToEquatableArray(), Folded(first, delays).ToEquatableArray());
            }

            first += count;
        }
    }

    private IEnumerable<FlatStep> Flat(int first, int count) => _steps.Skip(first).Take(count).OfType<FlatStep>();

    private static bool CanRunInChunks(Step step) =>
        step is FlatStep { Source: BinaryConvSource or LayerNormSource or PlaneSource { Operand.IsShifted: false }, Epilogue: { Shuffle: null } epilogue }
        && !epilogue.Operands.Any(o => o.IsShifted);

    // What a row step reads is whole before the wavefront begins, and nothing in it overwrites a tensor of another size.
    private static bool CanLead(Step step) => CanRunInChunks(step) || (step is RowStep row && row.FromLevel != row.ToLevel);

    private static int LevelOf(Step step) => step is RowStep row ? row.ToLevel : ((FlatStep)step).Level;

    // True where the step after a range reads what the range makes, at the same size.
    private bool Follows(int first, int count) =>
        first + count < _steps.Count && _branches[first] == _branches[first + count] && CanLead(_steps[first]) && CanRunInChunks(_steps[first + count])
        && LevelOf(_steps[first]) == LevelOf(_steps[first + count])
        && _steps[first + count].Reads.Intersect(_steps.Skip(first).Take(count).SelectMany(s => s.Writes)).Any();

    // Each convolution with a window in flight holds a chunk of residuals, and its weights; two more chunks are being entered and left.
    private bool HasRoom(int first, int count)
    {
        long[] windows = [.. Flat(first, count).Where(s => SlotReadAround(s) is not null)
            .Select(s => ((long)ChunkPixels * s.Channels * sizeof(float)) + ((long)((BinaryConvSource)s.Source).Operator.Weight.BitsPerOutput * s.Channels))];
        return windows.Length <= LeastWindows || (windows.Length <= MostWindows && windows.Sum() + (2 * windows.Max()) <= CacheBytes);
    }

    private int ChannelsAcross(int step) => _lifetimes.Where(l => l.First < step && l.Last >= step && _slots[l.Slot].Kind == SlotKind.Float).Sum(l => l.Channels);

    // For every step how many chunks it is behind the first.
    private int[] Delays(int first, int count)
    {
        var delays = new int[count];
        for (int later = 1; later < count; later++)
        {
            delays[later] = delays[later - 1];
            for (int earlier = 0; earlier < later; earlier++)
            {
                Step a = _steps[first + earlier], b = _steps[first + later];
                bool meets = (SlotReadAround(b) is { } read && a.Writes.Contains(read)) || (SlotReadAround(a) is { } held && b.Writes.Contains(held));
                if (meets) delays[later] = Math.Max(delays[later], delays[earlier] + 1);
            }
        }

        return delays;
    }

    // fp32 tensors that only the wavefront uses: of those, a few chunks of memory are enough. What else lies in the slot must be read
    // before, for later chunks lie where earlier ones of it were.
    private IEnumerable<FoldedTensor> Folded(int first, int[] delays)
    {
        int count = delays.Length;
        bool IsInside(Lifetime tensor) => tensor.First >= first && tensor.Last < first + count;
        Lifetime[] present = [.. _lifetimes.Where(l => _slots[l.Slot].Kind == SlotKind.Float && l.Last >= first && l.First < first + count)];
        List<Lifetime> folded = [.. present.Where(IsInside)];
        while (folded.RemoveAll(f => present.Any(l => l.Slot == f.Slot && l.Last >= f.First && !folded.Contains(l))) > 0)
        {
        }

        // The last row of a chunk reaches into the next.
        int Made(Lifetime tensor) => delays[tensor.First - first] - (_steps[tensor.First] is RowStep ? 1 : 0);
        int Used(Lifetime tensor) => delays[tensor.Last - first];
        return folded.GroupBy(f => f.Slot).SelectMany(slot =>
        {
            // Where no tensor of the slot waits for a later chunk, each is made and used before the next layer that takes the slot runs.
            int chunks = slot.Any(f => Made(f) != Used(f)) ? slot.Max(Used) - slot.Min(Made) + 1 : 1;
            return slot.Select(f => new FoldedTensor(f, chunks));
        });
    }

    private static int? SlotReadAround(Step step) =>
        step is FlatStep { Source: BinaryConvSource { HasWindow: true } source } ? source.Signs.Slot : null;
}

/// <summary>Steps that follow one another: the first, and how many.</summary>
public record StepRange(int First, int Count)
{
    /// <summary>True where a step is one of them.</summary>
    public bool Contains(int step) => step >= First && step < First + Count;
}

/// <summary>Steps that run together as a wavefront.</summary>
/// <param name="First">The first.</param>
/// <param name="Count">How many.</param>
/// <param name="Delays">For every step how many chunks it is behind the first; never fewer than the step before it.</param>
/// <param name="Folded">Tensors of which a few chunks of memory are used again and again, because nothing outside the wavefront uses them.</param>
public sealed record WavefrontRange(int First, int Count, EquatableArray<int> Delays, EquatableArray<FoldedTensor> Folded) : StepRange(First, Count)
{
    /// <summary>The tensor that a step of them finds in a slot, or null where it is not folded.</summary>
    public FoldedTensor? FoldedAt(int slot, int step) => Folded.FirstOrDefault(f => f.Tensor.Slot == slot && step >= f.Tensor.First && step <= f.Tensor.Last);
}

/// <summary>A tensor of which there is never more than a few chunks.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Chunks">How many.</param>
public sealed record FoldedTensor(Lifetime Tensor, int Chunks);

/// <summary>A tensor in a slot, from the step that first writes it to the one that last uses it.</summary>
public sealed record Lifetime(int Slot, int Channels, int First, int Last);
