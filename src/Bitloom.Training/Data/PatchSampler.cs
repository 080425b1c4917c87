using Bitloom.Runtime.Images;
using Bitloom.Training.Data.Degradations;
using Bitloom.Training.State;

namespace Bitloom.Training.Data;

/// <summary>
/// Random square patches of pictures with their degraded versions. Every position that a patch can have is equally likely within a
/// picture, and every picture equally likely. A reduced patch is the one that reducing the whole picture gives: it is made with as
/// many pixels around it as it depends on.
/// </summary>
public sealed class PatchSampler : SampleSource
{
    private readonly IReadOnlyList<Image> _images;
    private readonly Degradation _degradation;
    private readonly int _patch;
    private readonly bool _turns;

    /// <summary>Makes a sampler.</summary>
    /// <param name="images">Pictures of 1 or 3 channels, no side below patch x scale.</param>
    /// <param name="degradation">What makes the network's input.</param>
    /// <param name="patch">Sides of the input in pixels; the target's are larger by the scale.</param>
    /// <param name="turns">True to flip and transpose patches at random.</param>
    public PatchSampler(IReadOnlyList<Image> images, Degradation degradation, int patch, bool turns)
    {
        (_images, _degradation, _patch, _turns) = (images, degradation, patch, turns);
        int channels = images[0].Channels, wide = patch * degradation.Scale;
        Sizes = new SampleSizes([checked(channels * patch * patch)], checked(channels * wide * wide));
    }

    /// <inheritdoc/>
    public override SampleSizes Sizes { get; }

    /// <inheritdoc/>
    public override void Draw(CounterRandom random, SampleBatch batch, int place)
    {
        int scale = _degradation.Scale;
        Image image = _images[random.NextIndex(_images.Count)];
        int y = random.NextIndex((image.Height / scale) - _patch + 1), x = random.NextIndex((image.Width / scale) - _patch + 1);
        Orientation orientation = _turns ? Orientation.Draw(random, turns: true) : default;
        Cut(image, y, x, random, batch.Input(0, place), batch.Target(place));
        orientation.Apply(batch.Input(0, place), _patch, _patch);
        orientation.Apply(batch.Target(place), _patch * scale, _patch * scale);
    }

    /// <summary>The patch at one place of a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="y">Its first row, in rows of the input.</param>
    /// <param name="x">Its first column, in columns of the input.</param>
    /// <param name="random">Where noise takes its numbers from.</param>
    /// <param name="input">Receives the degraded patch.</param>
    /// <param name="target">Receives the patch.</param>
    public void Cut(Image image, int y, int x, CounterRandom random, Span<float> input, Span<float> target)
    {
        int scale = _degradation.Scale, reach = _degradation.Reach, side = _patch * scale;
        int height = image.Height / scale * scale, width = image.Width / scale * scale;
        int top = Math.Max(0, (y * scale) - reach), left = Math.Max(0, (x * scale) - reach);
        int bottom = Math.Min(height, (y * scale) + side + reach), right = Math.Min(width, (x * scale) + side + reach);
        Image around = image.Crop(left, top, right - left, bottom - top);
        float[] degraded = _degradation.Apply(around, random);
        ImagePlanes.ReadRows(reach == 0 ? around : image.Crop(x * scale, y * scale, side, side), 0, side, target);

        int rows = around.Height / scale, columns = around.Width / scale, firstRow = y - (top / scale), firstColumn = x - (left / scale);
        for (int channel = 0; channel < image.Channels; channel++)
            for (int row = 0; row < _patch; row++)
                degraded.AsSpan((((channel * rows) + firstRow + row) * columns) + firstColumn, _patch).CopyTo(input[(((channel * _patch) + row) * _patch)..]);
    }
}
