using Bitloom.Training.State;

namespace Bitloom.Training.Layers;

/// <summary>A layer that draws random numbers once a step, before images pass.</summary>
internal interface IRandomLayer
{
    /// <summary>Draws; layers do so in their order, so that a step needs the same numbers whatever the number of threads.</summary>
    /// <param name="random">The sequence.</param>
    /// <param name="noise">What noise is multiplied by.</param>
    void BeginStep(CounterRandom random, double noise);
}
