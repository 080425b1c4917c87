using Bitloom.Training.State;

namespace Bitloom.Training.Data;

/// <summary>
/// Makes samples to train on. Sample n of a seed is always the same, whatever was drawn before and on whichever thread, so a run that
/// goes on at a step needs to know nothing but the step.
/// </summary>
public abstract class SampleSource
{
    // Random numbers that a sample may draw before it would repeat the next one's: more than noise for any picture that fits memory.
    private const int DrawBits = 32;

    /// <summary>Sizes of its samples.</summary>
    public abstract SampleSizes Sizes { get; }

    /// <summary>Makes one sample.</summary>
    /// <param name="random">Where it takes its random numbers from.</param>
    /// <param name="batch">Receives it.</param>
    /// <param name="place">Its place in the batch.</param>
    public abstract void Draw(CounterRandom random, SampleBatch batch, int place);

    /// <summary>Makes the batch of one step, counted from 0.</summary>
    public void Fill(SampleBatch batch, ulong seed, long step)
    {
        for (int place = 0; place < batch.Samples; place++)
            Draw(new CounterRandom(seed, (ulong)((step * batch.Samples) + place) << DrawBits), batch, place);
    }
}
