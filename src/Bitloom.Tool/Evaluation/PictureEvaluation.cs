using Bitloom.Runtime.Images;
using Bitloom.Training.Data.Degradations;
using Bitloom.Training.Recipes;
using Bitloom.Training.State;

namespace Bitloom.Tool;

/// <summary>
/// Super-resolution, denoising and deblocking as papers measure them: good pictures are degraded, and what the network makes of them is
/// compared with the good ones.
/// <list type="bullet">
/// <item>x2..x4: reduced as MATLAB does; PSNR and SSIM of luma without a border of scale pixels;</item>
/// <item>sigma: noise that is neither clipped nor rounded; PSNR of all colours;</item>
/// <item>jpeg: networks for one channel get the compressed luma, others the compressed colours (4:2:0); PSNR of luma.</item>
/// </list>
/// </summary>
internal sealed class PictureEvaluation : NetworkEvaluation
{
    private readonly ImageTask _task;
    private readonly ImageNetwork _network;
    private readonly int _threads;
    private readonly IReadOnlyList<string> _paths;
    private readonly FilterTally? _filters;

    internal PictureEvaluation(ImageTask task, EvaluatedNetwork subject, IReadOnlyList<string> paths, bool withFilters = false)
    {
        _filters = withFilters ? new FilterTally() : null;
        (_task, _threads, _paths) = (task, subject.Threads, paths);
        _network = new ImageNetwork(subject.Model, subject.Graph, subject.Host, subject.White);
        Metrics = task.Kind switch
        {
            TaskKind.SuperResolution => new Metrics("PSNR-Y", "dB", "bicubic", "SSIM-Y"),
            TaskKind.Denoising => new Metrics("PSNR", "dB", "noisy", "SSIM-Y"),
            _ => new Metrics("PSNR-Y", "dB", "JPEG", "SSIM-Y"),
        };
    }

    /// <inheritdoc/>
    internal override Metrics Metrics { get; }

    /// <inheritdoc/>
    internal override int Count => _paths.Count;

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Remarks => _filters?.Lines(Metrics) ?? [];

    /// <inheritdoc/>
    internal override IReadOnlyList<(string Name, double Mean)> OtherBaselines => [.. _filters?.Best.Select(b => (b.Filter.Name, b.Mean)) ?? []];

    private int Scale => _task.Kind == TaskKind.SuperResolution ? _task.Number : 1;

    /// <inheritdoc/>
    internal override string NameOf(int index) => Path.GetFileNameWithoutExtension(_paths[index]);

    /// <inheritdoc/>
    internal override Measurement Measure(int index)
    {
        string path = _paths[index];
        Image image = InputFiles.ReadImage(path);
        int height = image.Height / Scale * Scale, width = image.Width / Scale * Scale;
        if (height <= 2 * Scale || width <= 2 * Scale) throw new BadInputException(path, $"is {image.Height}x{image.Width}, too small to measure {_task}", "remove it from the set");
        Image wanted = ToWanted(image.Crop(0, 0, width, height));
        int made = _network.FindScale(path, new ImageSize(height / Scale, width / Scale));
        if (made != Scale) throw new BadInputException("--task", $"{_task} is asked, but the network {(made == 1 ? "does not enlarge" : $"enlarges by {made}")}", made is >= 2 and <= 4 ? $"give x{made}" : "give sigmaN or jpegN");
        (Image result, Image baseline, double psnr) = Restore(path, wanted, index);
        return new Measurement(NameOf(index), Decibels(result, wanted), psnr, StructuralSimilarity.OfLuma(result, wanted, Border), StructuralSimilarity.OfLuma(baseline, wanted, Border));
    }

    private int Border => Scale == 1 ? 0 : Scale;

    // Papers read every picture of super-resolution as RGB, so that grey ones are measured on the same luma scale.
    private Image ToWanted(Image image) => _task.Kind switch
    {
        TaskKind.SuperResolution => image.WithChannels(3),
        TaskKind.Deblocking when _network.Channels == 1 && image.ColourChannels == 3 => Luma.Of(image),
        _ => image.WithChannels(_network.Channels),
    };

    private (Image Result, Image Baseline, double BaselinePsnr) Restore(string path, Image wanted, int index)
    {
        switch (_task.Kind)
        {
            case TaskKind.SuperResolution:
                Image reduced = Bicubic.Reduce(wanted, Scale), enlarged = Bicubic.Enlarge(reduced, Scale);
                return (_network.Apply(path, reduced, _threads, out _), enlarged, Decibels(enlarged, wanted));
            default:
                Degradation degradation = _task.Degradation!;
                float[] planes = degradation.Apply(wanted, new CounterRandom(0, (ulong)index << 32));
                Image seen = ImagePlanes.FromPlanes(planes, wanted.Channels, wanted.Height, wanted.Width);
                _filters?.Add(planes, wanted.Channels, new ImageSize(wanted.Height, wanted.Width), smooth => Decibels(smooth, wanted));
                Image result = _network.Apply(path, planes, new ImageSize(wanted.Height, wanted.Width), _threads);
                double psnr = _task.Kind == TaskKind.Denoising ? SignalToNoise.OfValues(planes, ImagePlanes.ToPlanes(wanted), 1) : Decibels(seen, wanted);
                return (result, seen, psnr);
        }
    }

    private double Decibels(Image image, Image wanted) =>
        _task.Kind == TaskKind.Denoising ? SignalToNoise.OfColours(image, wanted) : SignalToNoise.OfLuma(image, wanted, Border);
}
