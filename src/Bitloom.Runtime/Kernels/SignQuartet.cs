namespace Bitloom.Runtime.Kernels;

/// <summary>
/// Lists of taps that count four output channels at once. Where two channels have the same weight at a tap, the tap tells them the same;
/// where their weights differ, the opposite. So the taps fall into eight classes, by which of the first three channels differ from the
/// fourth, each in two lists, by the fourth channel's weight: a tap's sign is counted where that is +1, its complement where it is -1.
/// With E(c) the agreements that a class counts for the fourth channel, a channel's agreements are the sum of E(c) over the classes where
/// it does not differ and of (taps of c) - E(c) over the others. Each tap is counted once for four channels.
/// </summary>
/// <remarks>
/// Kernels want lists of one length. A list that is too long gives taps to lists whose weights differ for one channel, or for several one
/// after the other. Each such difference is an exception, which the channel adds by itself: its agreement z counted as 1 - z, and adding 2z
/// to that is right up to a constant. Taps go the shortest way over the 16 lists.
/// </remarks>
internal sealed class SignQuartet
{
    /// <summary>Output channels that share lists.</summary>
    public const int Channels = 4;

    /// <summary>Classes of taps.</summary>
    public const int Classes = 1 << (Channels - 1);

    private const int Patterns = 1 << Channels;

    private readonly int[] _weights;
    private readonly List<int>[] _lists = [.. Enumerable.Range(0, Patterns).Select(_ => new List<int>())];
    private readonly int _length;

    /// <summary>Sorts the taps of four channels.</summary>
    /// <param name="taps">Weights of a channel.</param>
    /// <param name="length">Taps of every list; 16 lists hold all taps.</param>
    /// <param name="isPositive">Whether a weight is +1, by channel from 0 to 3 and tap.</param>
    internal SignQuartet(int taps, int length, Func<int, int, bool> isPositive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, (taps + Patterns - 1) / Patterns);
        _length = length;
        _weights = new int[taps];
        for (int tap = 0; tap < taps; tap++)
        {
            for (int channel = 0; channel < Channels; channel++) _weights[tap] |= isPositive(channel, tap) ? 1 << channel : 0;
            _lists[_weights[tap]].Add(tap);
        }

        while (_lists.Any(l => l.Count > _length)) Relieve();
    }

    /// <summary>Bit c is 1 where channel c differs from channel 3; classes next to each other differ in one channel, and in class 7 none does.</summary>
    internal static int Differing(int signClass) => (Classes - 1 - signClass) ^ ((Classes - 1 - signClass) >> 1);

    /// <summary>
    /// What a channel's agreements have twice the count after a class for: 1 where it differs in the next class but not in this one, -1 where
    /// in this but not in the next, else 0. All agreements of channel 3 come once to that.
    /// </summary>
    internal static int Share(int channel, int signClass) => signClass == Classes - 1
        ? 0 : ((Differing(signClass + 1) >> channel) & 1) - ((Differing(signClass) >> channel) & 1);

    /// <summary>The taps whose signs, or their complements, a class counts; -1, a tap whose sign is always 0, where none is left.</summary>
    internal IEnumerable<int> List(int signClass, bool complemented)
    {
        List<int> list = _lists[complemented ? Differing(signClass) : Differing(signClass) ^ (Patterns - 1)];
        return list.Concat(Enumerable.Repeat(-1, _length - list.Count));
    }

    /// <summary>The taps whose signs, or their complements, a channel adds twice.</summary>
    internal IEnumerable<int> Exceptions(int channel, bool complemented) =>
        Enumerable.Range(0, Patterns).SelectMany(pattern => _lists[pattern].Where(tap => IsException(tap, pattern, channel) && Weight(_weights[tap], channel) == (complemented ? 0 : 1)));

    // Moves one tap each along the shortest path from a list that is too long to one that is too short.
    private void Relieve()
    {
        var from = new int[Patterns];
        for (int list = 0; list < Patterns; list++) from[list] = _lists[list].Count > _length ? list : -1;
        var reached = new Queue<int>(Enumerable.Range(0, Patterns).Where(l => from[l] >= 0));
        while (true)
        {
            int list = reached.Dequeue();
            if (_lists[list].Count < _length)
            {
                for (; from[list] != list; list = from[list]) Move(from[list], list);
                return;
            }

            for (int channel = 0; channel < Channels; channel++)
            {
                int next = list ^ (1 << channel);
                if (from[next] >= 0) continue;
                from[next] = list;
                reached.Enqueue(next);
            }
        }
    }

    // Of a list's taps those come first that were exceptions and become right, then those that were right.
    private void Move(int from, int to)
    {
        List<int> list = _lists[from];
        int at = list.FindIndex(tap => ((_weights[tap] ^ from) & (from ^ to)) != 0);
        if (at < 0) at = Math.Max(0, list.FindIndex(tap => _weights[tap] == from));
        _lists[to].Add(list[at]);
        list.RemoveAt(at);
    }

    private bool IsException(int tap, int pattern, int channel) => Weight(_weights[tap] ^ pattern, channel) != 0;

    private static int Weight(int pattern, int channel) => (pattern >> channel) & 1;
}
