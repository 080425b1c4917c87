using Bitloom.Runtime;
using Bitloom.Runtime.Images;

namespace Samples;

/// <summary>
/// Runs a network over one picture, band by band. A network for colours is given grey as three equal colours, whose mean is the result. A
/// network for luma changes a colour picture's luma and leaves its differences of colour. Alpha is enlarged by bicubic interpolation.
/// </summary>
public sealed class PictureRun : IDisposable
{
    // Small enough for small machines, large enough that the rows computed twice are a small part.
    private const long MemoryBudget = 512L << 20;

    private readonly Image _picture;
    private readonly float[] _input;
    private readonly float[] _output;

    /// <summary>Makes a session for the picture's width.</summary>
    /// <param name="network">The network to run.</param>
    /// <param name="picture">The picture to start from.</param>
    /// <param name="threads">Threads that share the work.</param>
    /// <param name="bandRows">Rows at a time, at most; null to stay near 512 MiB. Never more than a session takes.</param>
    public PictureRun(PictureNetwork network, Image picture, int threads, int? bandRows)
    {
        (Network, _picture) = (network, picture);
        int halo = network.HaloRows, outputs = network.Scale * network.Scale;
        long bufferBytes = (long)sizeof(float) * network.Channels * (1 + outputs);
        int within = BandLayout.RowsWithin(MemoryBudget, picture.Width, network.ArenaBytesPerPixel + bufferBytes, halo);

        // A plane of the result may hold PlaneGeometry.MaximumPixels; half of it leaves room for the margins.
        int most = BandLayout.RowsWithin(PlaneGeometry.MaximumPixels / 2, picture.Width, outputs, halo);
        Layout = BandLayout.Of(picture.Height, Math.Min(bandRows ?? within, most), halo);
        Session = network.Create(Layout.WindowRows, picture.Width, threads);
        _input = new float[Session.Inputs[0].Length];
        _output = new float[Session.Outputs[0].Length];
    }

    /// <summary>The network.</summary>
    public PictureNetwork Network { get; }

    /// <summary>The bands that the picture is cut into.</summary>
    public BandLayout Layout { get; }

    /// <summary>The network at work.</summary>
    public BloomSession Session { get; }

    private int Scale => Network.Scale;

    private bool ChangesLumaOfColours => Network.Channels == 1 && _picture.ColourChannels == 3;

    /// <summary>Computes the result.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; looked at between bands.</exception>
    public Image Compute(ProgressBar progress, CancellationToken cancellation)
    {
        var result = new Image(_picture.Width * Scale, _picture.Height * Scale, _picture.Channels);
        foreach (Band band in Layout.Bands)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int channel = 0; channel < Network.Channels; channel++) Read(channel, band.WindowStart, Layout.WindowRows, _input.AsSpan(channel * _input.Length / Network.Channels));
            Session.Run([_input], [_output]);
            WriteBand(band, result);
            progress.Report(band.FirstRow + band.Rows, _picture.Height);
        }

        if (_picture.HasAlpha) EnlargeAlpha(result);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();

    private void Read(int channel, int row, int rows, Span<float> plane)
    {
        plane = plane[..(rows * _picture.Width)];
        if (ChangesLumaOfColours) Luminance.Read(_picture, row, rows, plane);
        else ImagePlanes.ReadPlane(_picture, _picture.ColourChannels == 3 ? channel : 0, row, rows, plane);
    }

    private void WriteBand(Band band, Image result)
    {
        int plane = _output.Length / Network.Channels;
        int first = (band.FirstRow - band.WindowStart) * Scale * result.Width, rows = band.Rows * Scale, row = band.FirstRow * Scale;
        Span<float> Kept(int channel) => _output.AsSpan((channel * plane) + first, rows * result.Width);
        if (ChangesLumaOfColours)
        {
            Luminance.Write(_picture, Kept(0), row, rows, result);
        }
        else if (Network.Channels == 3 && _picture.ColourChannels == 1)
        {
            Span<float> red = Kept(0), green = Kept(1), blue = Kept(2);
            for (int i = 0; i < red.Length; i++) red[i] = (red[i] + green[i] + blue[i]) / 3;
            ImagePlanes.WritePlane(result, 0, row, rows, red);
        }
        else
        {
            for (int channel = 0; channel < Network.Channels; channel++) ImagePlanes.WritePlane(result, channel, row, rows, Kept(channel));
        }
    }

    private void EnlargeAlpha(Image result)
    {
        int from = _picture.Channels, to = result.Channels;
        var alpha = new Image(_picture.Width, _picture.Height, 1);
        for (int i = 0; i < alpha.Pixels.Length; i++) alpha.Pixels[i] = _picture.Pixels[(i * from) + from - 1];
        if (Scale > 1) alpha = Bicubic.Enlarge(alpha, Scale);
        for (int i = 0; i < alpha.Pixels.Length; i++) result.Pixels[(i * to) + to - 1] = alpha.Pixels[i];
    }
}
