using Bitloom.Runtime.Images;
using Bitloom.Training.State;

namespace Bitloom.Training.Data.Degradations;

/// <summary>What is done to a good picture to make a network's input of it.</summary>
public abstract record Degradation
{
    /// <summary>How many times smaller its result is each way.</summary>
    public virtual int Scale => 1;

    /// <summary>Pixels of the good picture, beyond a patch, that its result there depends on; a multiple of <see cref="Scale"/>.</summary>
    public virtual int Reach => 0;

    /// <summary>Degrades a picture.</summary>
    /// <param name="image">The picture without alpha; sides are multiples of <see cref="Scale"/>.</param>
    /// <param name="random">Where noise takes its numbers from.</param>
    /// <returns>Planes in 0..1, or around it: channels x height / scale x width / scale.</returns>
    public abstract float[] Apply(Image image, CounterRandom random);
}
