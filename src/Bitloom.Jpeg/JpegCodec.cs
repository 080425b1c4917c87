using Bitloom.Runtime.Images;

namespace Bitloom.Jpeg;

/// <summary>How a file stores colour: for every pixel, or for every 2 x 2 pixels as most cameras do.</summary>
public enum JpegSampling
{
    /// <summary>4:4:4, colour for every pixel.</summary>
    Full = 0,

    /// <summary>4:2:0, colour for every 2 x 2 pixels.</summary>
    Quarter = 2,
}

/// <summary>
/// JPEG by libjpeg-turbo, pixel for pixel what libjpeg makes (accurate cosine transform, smooth up-sampling of colour). Instances of the
/// library are made for each call, so any thread may call.
/// </summary>
public static unsafe class JpegCodec
{
    // The format counts rows and columns in 16 bits.
    private const int LongestSide = 65535;

    /// <summary>True where this machine has the library; else every call is refused with a message that says how to get it.</summary>
    public static bool IsAvailable => TurboJpegLibrary.IsPresent;

    /// <summary>Decodes a file: grey ones to one channel, others to RGB.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="maximumPixels">Larger pictures are refused before memory is taken for them.</param>
    /// <exception cref="ImageFormatException">The library is missing, or the data are damaged, incomplete, too large or of a kind for print.</exception>
    public static Image Decode(ReadOnlySpan<byte> data, long maximumPixels = PngReader.DefaultMaximumPixels)
    {
        TurboJpegLibrary.Require();
        nint decoder = TurboJpegLibrary.CreateDecoder();
        if (decoder == 0) throw new OutOfMemoryException("libjpeg-turbo has no memory for a decoder.");
        try
        {
            fixed (byte* start = data)
            {
                if (TurboJpegLibrary.ReadHeader(decoder, start, (nuint)data.Length, out int width, out int height, out _, out int space) != 0) throw Damaged(decoder);

                // A file that ends before its header passes for one without pixels.
                if (width < 1 || height < 1) throw new ImageFormatException("JPEG: the data end before the picture begins; copy or export the picture again.");
                if (space >= TurboJpegLibrary.FirstPrintSpace) throw new ImageFormatException("JPEG: its colours are for print (CMYK); save it as RGB.");
                long limit = Math.Min(maximumPixels, Array.MaxLength / 3);
                if ((long)width * height > limit) throw new ImageFormatException(Invariant($"JPEG: {width} x {height} pixels pass the limit of {limit}; split the picture."));
                bool isGrey = space == TurboJpegLibrary.GreySpace;
                var image = new Image(width, height, isGrey ? 1 : 3);
                const int flags = TurboJpegLibrary.AccurateTransform | TurboJpegLibrary.StopOnWarning | TurboJpegLibrary.LimitScans;
                fixed (byte* pixels = image.Pixels)
                {
                    if (TurboJpegLibrary.Decode(decoder, start, (nuint)data.Length, pixels, width, width * image.Channels, height, isGrey ? TurboJpegLibrary.Grey : TurboJpegLibrary.Rgb, flags) != 0)
                        throw Damaged(decoder);
                }

                return image;
            }
        }
        finally
        {
            _ = TurboJpegLibrary.Destroy(decoder);
        }
    }

    /// <summary>Encodes a picture without alpha: grey as grey, RGB as YCbCr.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="quality">1 to 100 as libjpeg counts.</param>
    /// <param name="sampling">How colour is stored.</param>
    /// <exception cref="ImageFormatException">The library is missing, or the picture has alpha or a side above 65535.</exception>
    public static byte[] Encode(Image image, int quality, JpegSampling sampling = JpegSampling.Quarter)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        TurboJpegLibrary.Require();
        if (image.HasAlpha) throw new ImageFormatException("JPEG holds no alpha; drop it first.");
        if (Math.Max(image.Width, image.Height) > LongestSide) throw new ImageFormatException(Invariant($"JPEG holds at most {LongestSide} pixels a side; split the picture."));
        (int format, int stored) = image.Channels == 1 ? (TurboJpegLibrary.Grey, TurboJpegLibrary.GreySampling) : (TurboJpegLibrary.Rgb, (int)sampling);
        nuint size = TurboJpegLibrary.LargestSize(image.Width, image.Height, stored);
        if (size > (nuint)Array.MaxLength) throw new ImageFormatException(Invariant($"JPEG: {image.Width} x {image.Height} pixels are too many for one file; split the picture."));
        nint encoder = TurboJpegLibrary.CreateEncoder();
        if (encoder == 0) throw new OutOfMemoryException("libjpeg-turbo has no memory for an encoder.");
        try
        {
            var data = new byte[(int)size];
            fixed (byte* target = data, pixels = image.Pixels)
            {
                byte* moved = target;
                const int flags = TurboJpegLibrary.AccurateTransform | TurboJpegLibrary.NoReallocation;
                if (TurboJpegLibrary.Encode(encoder, pixels, image.Width, image.Width * image.Channels, image.Height, format, &moved, &size, stored, quality, flags) != 0)
                    throw new ImageFormatException($"JPEG: it cannot be encoded ({TurboJpegLibrary.ErrorOf(encoder)}).");
            }

            return data[..(int)size];
        }
        finally
        {
            _ = TurboJpegLibrary.Destroy(encoder);
        }
    }

    /// <summary>What is left of a picture after it was stored as JPEG.</summary>
    public static Image RoundTrip(Image image, int quality, JpegSampling sampling = JpegSampling.Quarter) => Decode(Encode(image, quality, sampling));

    private static ImageFormatException Damaged(nint decoder) =>
        new($"JPEG: the data are damaged or incomplete ({TurboJpegLibrary.ErrorOf(decoder)}); copy or export the picture again.");
}
