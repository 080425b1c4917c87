using Bitloom.Jpeg;
using Bitloom.Runtime.Images;
using Bitloom.Training.Data.Degradations;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Data;

public class JpegTests
{
    [JpegTheory]
    [InlineData(10, 27.82)]
    [InlineData(20, 30.12)]
    [InlineData(30, 31.48)]
    [InlineData(40, 32.43)]
    public void Classic5_loses_what_papers_state(int quality, double decibels)
    {
        double[] psnr = [.. Directory.GetFiles(SharedData.PathOf("classic5"), "*.png").Select(path =>
        {
            Image image = ImageFile.Load(path).WithChannels(1);
            float[] planes = new JpegCompression(quality).Apply(image, new CounterRandom(0));
            return SignalToNoise.OfColours(ImagePlanes.FromPlanes(planes, 1, image.Height, image.Width), image);
        })];
        Assert.Equal(5, psnr.Length);
        Assert.Equal(decibels, psnr.Average(), 0.005);
    }

    [JpegFact]
    public void Quality_100_without_subsampling_keeps_a_picture_nearly()
    {
        foreach (int channels in new[] { 1, 3 })
        {
            Image image = TestPictures.Make(37, 21, channels, seed: 4), stored = JpegCodec.RoundTrip(image, 100, JpegSampling.Full);
            Assert.Equal((37, 21, channels), (stored.Width, stored.Height, stored.Channels));
            Assert.InRange(SignalToNoise.OfColours(stored, image), 45, 100);
        }
    }

    [JpegFact]
    public void Subsampled_colour_loses_more()
    {
        Image image = TestPictures.Make(48, 48, 3, seed: 2);
        double full = SignalToNoise.OfColours(JpegCodec.RoundTrip(image, 90, JpegSampling.Full), image);
        Assert.InRange(SignalToNoise.OfColours(JpegCodec.RoundTrip(image, 90, JpegSampling.Quarter), image), 10, full - 1);
    }

    [JpegFact]
    public void Damaged_files_are_refused_in_one_line()
    {
        byte[] whole = JpegCodec.Encode(TestPictures.Make(64, 64, 3, seed: 1), 80);
        for (int length = 0; length < whole.Length - 2; length += 7) AssertRefused(whole[..length]);
        for (int seed = 0; seed < 200; seed++)
        {
            // Whatever a flipped byte does, it ends in a picture or in one line.
            var damaged = (byte[])whole.Clone();
            var random = new CounterRandom((ulong)seed);
            damaged[random.NextIndex(damaged.Length)] ^= (byte)(1 + random.NextIndex(255));
            try
            {
                Assert.InRange(JpegCodec.Decode(damaged, maximumPixels: 1 << 20).Width, 1, 65535);
            }
            catch (ImageFormatException failure)
            {
                Assert.DoesNotContain('\n', failure.Message);
            }
        }
    }

    [JpegFact]
    public void A_picture_larger_than_the_limit_is_refused() =>
        Assert.Contains("limit", Assert.Throws<ImageFormatException>(() => JpegCodec.Decode(JpegCodec.Encode(TestPictures.Make(64, 64, 1, seed: 1), 80), maximumPixels: 4095)).Message, StringComparison.Ordinal);

    [JpegFact]
    public void A_file_is_known_by_its_content()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, JpegCodec.Encode(TestPictures.Make(20, 10, 3, seed: 1), 80));
            Assert.Equal(20, PictureFile.Load(path).Width);
            File.WriteAllBytes(path, [0xFF, 0xD8, 0xFF, 0xE0]);
            Assert.StartsWith(path, Assert.Throws<ImageFormatException>(() => PictureFile.Load(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void AssertRefused(byte[] data) =>
        Assert.DoesNotContain('\n', Assert.Throws<ImageFormatException>(() => JpegCodec.Decode(data)).Message);
}
