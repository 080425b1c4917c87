using Bitloom.Runtime.Kernels;

namespace Bitloom.Runtime.Tests;

/// <summary>Sums of tiles become planes, whatever their numbers of pixels and channels, and nothing else is written.</summary>
public sealed unsafe class TileTransposeTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(16, 4)]
    [InlineData(35, 4)]
    [InlineData(3, 8)]
    [InlineData(33, 12)]
    [InlineData(1, 16)]
    [InlineData(15, 16)]
    [InlineData(16, 16)]
    [InlineData(49, 32)]
    [InlineData(100, 64)]
    public void Channels_of_a_pixel_are_spread_over_planes(int pixels, int channels)
    {
        const float untouched = -1;
        int stride = ((pixels + 3) / 4 * 4) + 5;
        float[] sums = new float[(pixels + 4) * channels], planes = new float[channels * stride];
        for (int i = 0; i < sums.Length; i++) sums[i] = i;
        planes.AsSpan().Fill(untouched);
        fixed (float* source = sums, target = planes) TileTranspose.ToPlanes(source, pixels, channels, target, stride);
        for (int channel = 0; channel < channels; channel++)
        {
            for (int pixel = 0; pixel < pixels; pixel++) Assert.Equal(sums[(pixel * channels) + channel], planes[(channel * stride) + pixel]);
            for (int pixel = (pixels + 3) / 4 * 4; pixel < stride; pixel++) Assert.Equal(untouched, planes[(channel * stride) + pixel]);
        }
    }
}
