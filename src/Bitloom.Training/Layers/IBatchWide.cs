namespace Bitloom.Training.Layers;

/// <summary>
/// A layer whose results for one image depend on all images of the batch. Before its forward pass it visits all images in rounds, each
/// ended by a combination of what the threads have collected; before its backward pass likewise.
/// </summary>
internal interface IBatchWide
{
    /// <summary>Rounds before the forward pass.</summary>
    int ForwardRounds { get; }

    /// <summary>Makes room for what this many threads collect.</summary>
    void Attach(int parts);

    /// <summary>Adds one image to what a thread collects in a forward round.</summary>
    void CollectForward(int round, in ImagePass pass, int part);

    /// <summary>Ends a forward round, on one thread.</summary>
    void CombineForward(int round, int images);

    /// <summary>Adds one image to what a thread collects for the backward pass.</summary>
    void CollectBackward(in ImagePass pass, int part);

    /// <summary>Ends the collection for the backward pass, on one thread.</summary>
    void CombineBackward(int images);
}
