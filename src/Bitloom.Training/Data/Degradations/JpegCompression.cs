using Bitloom.Jpeg;
using Bitloom.Runtime.Images;
using Bitloom.Training.State;

namespace Bitloom.Training.Data.Degradations;

/// <summary>Storing as JPEG and loading again, by libjpeg-turbo.</summary>
/// <param name="Quality">1 to 100.</param>
/// <param name="Sampling">How colour is stored; of no matter for grey pictures.</param>
public sealed record JpegCompression(int Quality, JpegSampling Sampling = JpegSampling.Quarter) : Degradation
{
    /// <inheritdoc/>
    public override float[] Apply(Image image, CounterRandom random)
    {
        try
        {
            return ImagePlanes.ToPlanes(JpegCodec.RoundTrip(image, Quality, Sampling));
        }
        catch (ImageFormatException failure)
        {
            throw new TrainingException(failure.Message);
        }
    }
}
