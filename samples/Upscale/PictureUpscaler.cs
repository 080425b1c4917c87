using Bitloom.Runtime;
using Bitloom.Runtime.Images;

namespace Upscale;

/// <summary>
/// Enlarges one picture, band by band. Colours go through the network; grey is given as three equal colours and becomes their mean;
/// alpha is enlarged by bicubic interpolation.
/// </summary>
internal sealed class PictureUpscaler : IDisposable
{
    // Small enough for small machines, large enough that the rows computed twice are a small part.
    private const long MemoryBudget = 512L << 20;

    // The network's input and output in fp32: 3 channels, and 3 of four times the pixels.
    private const int BufferBytesPerPixel = sizeof(float) * 3 * (1 + (Upscaler.Scale * Upscaler.Scale));

    private readonly Image _picture;
    private readonly BandLayout _layout;
    private readonly Upscaler.Session _session;
    private readonly float[] _input;
    private readonly float[] _output;

    /// <summary>Makes a session for the picture's width.</summary>
    /// <param name="picture">The picture to enlarge.</param>
    /// <param name="threads">Threads that share the work.</param>
    /// <param name="bandRows">Rows at a time, at most; null to stay near 512 MiB. Never more than a session takes.</param>
    internal PictureUpscaler(Image picture, int threads, int? bandRows)
    {
        const int halo = Upscaler.HaloRows;
        _picture = picture;
        int within = BandLayout.RowsWithin(MemoryBudget, picture.Width, Upscaler.ArenaBytesPerPixel + BufferBytesPerPixel, halo);

        // A plane of the enlarged band may hold PlaneGeometry.MaximumPixels; half of it leaves room for the margins.
        int most = BandLayout.RowsWithin(PlaneGeometry.MaximumPixels / 2, picture.Width, Upscaler.Scale * Upscaler.Scale, halo);
        _layout = BandLayout.Of(picture.Height, Math.Min(bandRows ?? within, most), halo);
        _session = Upscaler.Create(_layout.WindowRows, picture.Width, threads);
        _input = new float[_session.InputLength];
        _output = new float[_session.OutputLength];
    }

    /// <summary>The bands that the picture is cut into.</summary>
    internal BandLayout Layout => _layout;

    /// <summary>The network at work.</summary>
    internal BloomSession Session => _session;

    /// <summary>Computes the enlarged picture.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; looked at between bands.</exception>
    internal Image Upscale(ProgressBar progress, CancellationToken cancellation)
    {
        var enlarged = new Image(_picture.Width * Upscaler.Scale, _picture.Height * Upscaler.Scale, _picture.Channels);
        foreach (Band band in _layout.Bands)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadWindow(band);
            _session.Run(_input, _output);
            WriteBand(band, enlarged);
            progress.Report(band.FirstRow + band.Rows, _picture.Height);
        }

        if (_picture.HasAlpha) EnlargeAlpha(enlarged);
        return enlarged;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private void ReadWindow(Band band)
    {
        int size = _layout.WindowRows * _picture.Width;
        for (int colour = 0; colour < 3; colour++)
        {
            int channel = _picture.ColourChannels == 3 ? colour : 0;
            ImagePlanes.ReadPlane(_picture, channel, band.WindowStart, _layout.WindowRows, _input.AsSpan(colour * size, size));
        }
    }

    private void WriteBand(Band band, Image enlarged)
    {
        int plane = _output.Length / 3;
        int first = (band.FirstRow - band.WindowStart) * Upscaler.Scale * enlarged.Width, rows = band.Rows * Upscaler.Scale;
        Span<float> red = _output.AsSpan(first, rows * enlarged.Width);
        Span<float> green = _output.AsSpan(plane + first, red.Length), blue = _output.AsSpan((2 * plane) + first, red.Length);
        int row = band.FirstRow * Upscaler.Scale;
        if (_picture.ColourChannels == 1)
        {
            for (int i = 0; i < red.Length; i++) red[i] = (red[i] + green[i] + blue[i]) / 3;
            ImagePlanes.WritePlane(enlarged, 0, row, rows, red);
            return;
        }

        ImagePlanes.WritePlane(enlarged, 0, row, rows, red);
        ImagePlanes.WritePlane(enlarged, 1, row, rows, green);
        ImagePlanes.WritePlane(enlarged, 2, row, rows, blue);
    }

    private void EnlargeAlpha(Image enlarged)
    {
        int from = _picture.Channels, to = enlarged.Channels;
        var alpha = new Image(_picture.Width, _picture.Height, 1);
        for (int i = 0; i < alpha.Pixels.Length; i++) alpha.Pixels[i] = _picture.Pixels[(i * from) + from - 1];
        alpha = Bicubic.Enlarge(alpha, Upscaler.Scale);
        for (int i = 0; i < alpha.Pixels.Length; i++) enlarged.Pixels[(i * to) + to - 1] = alpha.Pixels[i];
    }
}
