namespace Bitloom.Benchmarks.Duels;

/// <summary>Something that takes its turn. It uses no core while it is not its turn.</summary>
internal interface IContender : IDisposable
{
    /// <summary>One turn: a run that is not timed, then at least one that is, for about <paramref name="milliseconds"/> in all.</summary>
    Measurement TakeTurn(double milliseconds);
}
