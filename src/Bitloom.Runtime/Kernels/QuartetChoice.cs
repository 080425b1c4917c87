using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bitloom.Runtime.Kernels;

/// <summary>
/// Which output channels are counted together. Any four will do, but with some fewer taps have the same pattern of four weights than
/// with others, and lists of one length (<see cref="SignQuartet"/>) leave fewer over. Channels change places where that helps or does not
/// hurt, until nothing is left over or enough was tried; the same weights always give the same order.
/// </summary>
internal sealed class QuartetChoice
{
    private const int TriesAChannel = 64;

    private readonly ulong[] _signs;
    private readonly int[] _order, _left;
    private readonly int _words, _taps, _length;
    private uint _random = 1;

    private QuartetChoice(ulong[] signs, int first, int outputs, int taps, int length)
    {
        (_signs, _words, _taps, _length) = (signs, (taps + 63) / 64, taps, length);
        _order = [.. Enumerable.Range(first, outputs)];
        _left = [.. Enumerable.Range(0, outputs / SignQuartet.Channels).Select(quartet => LeftOver(_order.AsSpan(quartet * SignQuartet.Channels)))];
    }

    /// <summary>The output channels in an order in which those of a quartet follow one another, group by group.</summary>
    /// <param name="packed">Output channels x whole 64-bit little-endian words; bit 1 is +1.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="groups">Groups, each of a multiple of 4 output channels that stay together.</param>
    /// <param name="taps">Weights of one output channel.</param>
    /// <param name="length">Taps of a list.</param>
    internal static int[] Order(byte[] packed, int outputs, int groups, int taps, int length)
    {
        ulong[] signs = MemoryMarshal.Cast<byte, ulong>(packed).ToArray();
        return [.. Enumerable.Range(0, groups).SelectMany(group => new QuartetChoice(signs, group * outputs / groups, outputs / groups, taps, length).Improve())];
    }

    private int[] Improve()
    {
        for (int tries = TriesAChannel * _order.Length; tries > 0 && _left.Any(l => l > 0); tries--)
        {
            int here = Next(_order.Length), there = Next(_order.Length), quartet = here / SignQuartet.Channels, other = there / SignQuartet.Channels;
            if (quartet == other || _left[quartet] == 0) continue;
            (_order[here], _order[there]) = (_order[there], _order[here]);
            int left = LeftOver(_order.AsSpan(quartet * SignQuartet.Channels)), otherLeft = LeftOver(_order.AsSpan(other * SignQuartet.Channels));
            if (left + otherLeft <= _left[quartet] + _left[other]) (_left[quartet], _left[other]) = (left, otherLeft);
            else (_order[here], _order[there]) = (_order[there], _order[here]);
        }

        return _order;
    }

    // Taps of four channels that do not fit lists of the length. Runs some thousand times, all of them before the runtime would optimise it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int LeftOver(ReadOnlySpan<int> channels)
    {
        Span<int> taps = stackalloc int[1 << SignQuartet.Channels];
        taps.Clear();
        for (int word = 0; word < _words; word++)
        {
            ulong a = Signs(channels[0], word), b = Signs(channels[1], word), c = Signs(channels[2], word), d = Signs(channels[3], word);
            ulong present = _taps - (64 * word) is var count and < 64 ? (1UL << count) - 1 : ulong.MaxValue;
            for (int pattern = 0; pattern < taps.Length; pattern += 2)
            {
                ulong alike = present & ((pattern & 2) != 0 ? b : ~b) & ((pattern & 4) != 0 ? c : ~c) & ((pattern & 8) != 0 ? d : ~d);
                int both = BitOperations.PopCount(alike), one = BitOperations.PopCount(alike & a);
                taps[pattern] += both - one;
                taps[pattern + 1] += one;
            }
        }

        int left = 0;
        foreach (int n in taps) left += Math.Max(0, n - _length);
        return left;
    }

    private ulong Signs(int channel, int word) => _signs[(channel * _words) + word];

    // The numbers of a linear congruential generator: alike on every machine and in every version.
    private int Next(int count)
    {
        _random = (_random * 1664525) + 1013904223;
        return (int)((_random >> 8) % (uint)count);
    }
}
