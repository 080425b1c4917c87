using Bitloom.Runtime.Images;
using Bitloom.Training.State;

namespace Bitloom.Training.Data;

/// <summary>
/// Random square crops of pictures with classes, mirrored half of the time, in other colours if wished; the target is the number of the
/// class.
/// </summary>
public sealed class ClassificationSampler : SampleSource
{
    private readonly ClassificationFolder _set;
    private readonly int _side, _padding;

    /// <summary>The share of a picture that the smallest crop shows, resized to the side; 1 for crops of the side's size.</summary>
    public float LeastArea { get; init; } = 1;

    /// <summary>By how much brightness, contrast and saturation vary.</summary>
    public float Colour { get; init; }

    /// <summary>Makes a sampler.</summary>
    /// <param name="set">Pictures whose sides, with the padding, are at least <paramref name="side"/>.</param>
    /// <param name="side">Sides of the crops.</param>
    /// <param name="padding">Black pixels around a picture before it is cropped, 4 for CIFAR.</param>
    public ClassificationSampler(ClassificationFolder set, int side, int padding)
    {
        (_set, _side, _padding) = (set, side, padding);
        if (set.Images.FirstOrDefault(i => Math.Min(i.Image.Width, i.Image.Height) + (2 * padding) < side) is { } small)
            throw new TrainingException(Invariant($"{small.Name}: is {small.Image.Width} x {small.Image.Height}, too small for crops of {side}; set the recipe's 'shortSide'"));
        Sizes = new SampleSizes([3 * side * side], 1);
    }

    /// <inheritdoc/>
    public override SampleSizes Sizes { get; }

    /// <inheritdoc/>
    public override void Draw(CounterRandom random, SampleBatch batch, int place)
    {
        LabelledImage chosen = _set.Images[random.NextIndex(_set.Images.Count)];
        Span<float> planes = batch.Input(0, place);
        if (LeastArea < 1) PictureWindow.Draw(random, chosen.Image, LeastArea).Fill(chosen.Image, _side, planes);
        else
        {
            int y = random.NextIndex(chosen.Image.Height + (2 * _padding) - _side + 1) - _padding;
            int x = random.NextIndex(chosen.Image.Width + (2 * _padding) - _side + 1) - _padding;
            Crop(chosen.Image, y, x, _side, planes);
        }

        Orientation.Draw(random, turns: false).Apply(planes, _side, _side);
        if (Colour > 0) ColourVariation.Draw(random, Colour).Apply(planes);
        batch.Target(place)[0] = chosen.Class;
    }

    /// <summary>Planes of the square in the middle of a picture.</summary>
    public static void CropMiddle(Image image, int side, Span<float> planes) => Crop(image, (image.Height - side) / 2, (image.Width - side) / 2, side, planes);

    // What lies outside the picture is black.
    private static void Crop(Image image, int top, int left, int side, Span<float> planes)
    {
        planes.Clear();
        for (int channel = 0; channel < 3; channel++)
            for (int y = Math.Max(0, -top); y < Math.Min(side, image.Height - top); y++)
            {
                ReadOnlySpan<byte> row = image.Row(top + y);
                Span<float> target = planes.Slice(((channel * side) + y) * side, side);
                for (int x = Math.Max(0, -left); x < Math.Min(side, image.Width - left); x++) target[x] = row[((left + x) * image.Channels) + channel] / 255f;
            }
    }
}
