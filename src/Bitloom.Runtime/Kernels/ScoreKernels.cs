namespace Bitloom.Runtime.Kernels;

/// <summary>Operators over the channels of each pixel, by rows of the target as <see cref="RowKernels"/>.</summary>
public static unsafe class ScoreKernels
{
    /// <summary>The index of the channel with the largest value, the first of equals, in channel 0 of the target.</summary>
    public static void ArgMax(float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, int sourceChannels, int first, int end)
    {
        for (int y = first; y < end; y++)
            for (int x = 0; x < to.Width; x++)
            {
                float* pixel = source + ((nint)y * from.Pitch) + x;
                target[((nint)y * to.Pitch) + x] = Largest(pixel, from.FloatStride, sourceChannels);
            }
    }

    /// <summary><c>exp(x[c] - most) / sum of these</c>, most being the largest of the pixel; exponentials and their sum in double precision.</summary>
    public static void Softmax(float* source, PlaneGeometry from, float* target, PlaneGeometry to, int channels, int first, int end)
    {
        nint read = from.FloatStride, write = to.FloatStride;
        for (int y = first; y < end; y++)
            for (int x = 0; x < to.Width; x++)
            {
                float* pixel = source + ((nint)y * from.Pitch) + x, result = target + ((nint)y * to.Pitch) + x;
                float most = pixel[Largest(pixel, read, channels) * read];
                double sum = 0;
                for (int channel = 0; channel < channels; channel++)
                {
                    double power = Math.Exp(pixel[channel * read] - (double)most);
                    sum += power;
                    result[channel * write] = (float)power;
                }

                float share = (float)(1 / sum);
                for (int channel = 0; channel < channels; channel++) result[channel * write] *= share;
            }
    }

    private static int Largest(float* pixel, nint stride, int channels)
    {
        int largest = 0;
        for (int channel = 1; channel < channels; channel++)
            if (pixel[channel * stride] > pixel[largest * stride]) largest = channel;
        return largest;
    }
}
