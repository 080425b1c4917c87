using Bitloom.Runtime.Images;
using Bitloom.Training.Data;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Data;

/// <summary>Random crops and colours.</summary>
public class AugmentationTests
{
    [Fact]
    public void Random_windows_stay_in_the_picture_and_show_enough_of_it()
    {
        Image image = TestPictures.Make(60, 40, 3, 1);
        var random = new CounterRandom(2);
        for (int i = 0; i < 200; i++)
        {
            var window = PictureWindow.Draw(random, image, leastArea: 0.4);
            Assert.InRange(window.Top, 0, 40 - window.Height);
            Assert.InRange(window.Left, 0, 60 - window.Width);

            // Less only where the drawn shape did not fit the picture.
            if (window.Height < 40) Assert.InRange(window.Height * window.Width, 0.4 * 2400 * 0.999, 2400);
            if (window.Height < 40) Assert.InRange(window.Width / window.Height, 0.749, 1.334);
        }
    }

    [Fact]
    public void A_window_of_the_sides_size_is_a_crop_and_half_of_it_the_mean_of_four()
    {
        Image image = TestPictures.Make(20, 16, 3, 1);
        float[] planes = new float[3 * 64];
        new PictureWindow(3, 5, 8, 8).Fill(image, 8, planes);
        for (int c = 0; c < 3; c++)
            for (int i = 0; i < 64; i++) Assert.Equal(image.Row(3 + (i / 8))[((5 + (i % 8)) * 3) + c] / 255f, planes[(c * 64) + i], 1e-6f);
        new PictureWindow(0, 0, 16, 16).Fill(image, 8, planes);
        Assert.Equal((image.Row(2)[12] + image.Row(2)[15] + image.Row(3)[12] + image.Row(3)[15]) / 4f / 255, planes[8 + 2], 2e-3f);
    }

    [Fact]
    public void Colours_vary_within_their_range()
    {
        float[] planes = [0.2f, 0.8f, 0.5f, 0.5f, 0.1f, 0.9f], kept = [.. planes];
        new ColourVariation(1, 1, 1).Apply(planes);
        Assert.Equal(kept, planes, (a, b) => Math.Abs(a - b) < 1e-6f);

        // Without saturation all colours of a pixel are its luma; without contrast all pixels are the mean.
        new ColourVariation(1, 1, 0).Apply(planes);
        Assert.Equal((0.299f * 0.2f) + (0.587f * 0.5f) + (0.114f * 0.1f), planes[0], 1e-6f);
        Assert.Equal(planes[0], planes[4], 1e-6f);
        new ColourVariation(0.5f, 0, 1).Apply(planes);
        Assert.Equal(planes[0], planes[1], 1e-6f);
        new ColourVariation(100, 1, 1).Apply(planes);
        Assert.All(planes, p => Assert.Equal(1, p));

        var random = new CounterRandom(4);
        for (int i = 0; i < 50; i++)
        {
            var drawn = ColourVariation.Draw(random, 0.3f);
            Assert.All([drawn.Brightness, drawn.Contrast, drawn.Saturation], f => Assert.InRange(f, 0.7f, 1.3f));
        }
    }
}
