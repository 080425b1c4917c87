namespace Bitloom.Benchmarks.Duels;

/// <summary>One layer of a side: a network of many such layers and one of <paramref name="layers"/> fewer, right after each other.</summary>
internal sealed class DifferenceContender(IContender whole, IContender overhead, int layers) : IContender
{
    public Measurement TakeTurn(double milliseconds) =>
        new(whole.TakeTurn(milliseconds).Whole, overhead.TakeTurn(milliseconds).Whole, layers);

    public void Dispose()
    {
        whole.Dispose();
        overhead.Dispose();
    }
}
