using System.CommandLine;
using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Runtime.Images;

namespace Bitloom.Tool;

/// <summary><c>bitloom evaluate</c>: a network's quality on a test set, the way papers measure it.</summary>
internal sealed class EvaluateCommand : VerbCommand
{
    private static readonly string[] LaterTasks = ["sigma15", "sigma25", "sigma50", "jpeg10", "jpeg20", "jpeg30", "jpeg40", "spectral", "classify"];

    private readonly Argument<string> _model = ModelFile.CreateArgument();
    private readonly Option<string> _data = new("--data") { Description = "Folder of high-resolution pictures (PNG, PPM, PGM), or one with a sub-folder HR.", HelpName = "DIR", Required = true };
    private readonly Option<string> _task = new("--task") { Description = "x2, x3 or x4: super-resolution by that scale.", HelpName = "TASK", Required = true };
    private readonly Option<string> _white = SharedOptions.White();
    private readonly Option<string> _threads = SharedOptions.Threads();
    private readonly Option<string> _width = SharedOptions.Width();

    internal EvaluateCommand()
        : base("evaluate", "Measure a network's quality on a folder of pictures.")
    {
        Add(_model);
        foreach (Option option in new Option[] { _data, _task, _white, _threads, _width }) Add(option);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples => ["bitloom evaluate bbcu-m-x2.bloom --data Set5 --task x2"];

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Notes =>
    [
        "Pictures are cropped to a multiple of the scale and reduced as MATLAB's imresize does (bicubic, a = -0.5).",
        "PSNR-Y and SSIM-Y are over BT.601 luma, without a border of scale pixels.",
        "Prints last:  mean PSNR-Y 36.42 dB over 5 images | baseline bicubic 33.67 dB",
    ];

    /// <inheritdoc/>
    internal override int Execute(ParseResult arguments, ToolContext context)
    {
        int scale = ParseTask(arguments.GetRequiredValue(_task));
        int threads = SharedOptions.ParseThreads(arguments.GetRequiredValue(_threads));
        float white = SharedOptions.ParseWhite(arguments.GetRequiredValue(_white));
        Runtime.VectorWidth width = SharedOptions.ParseWidth(arguments.GetRequiredValue(_width));
        ModelFile model = ModelFile.Open(arguments.GetRequiredValue(_model));
        NetworkGraph graph = model.ReadGraph();
        ImageNetwork.CheckIsPictureNetwork(model, graph);
        IReadOnlyList<string> paths = EvaluationSet.Find(arguments.GetRequiredValue(_data));

        using INetworkHost host = context.Load(model, graph, width);
        var network = new ImageNetwork(model, graph, host, white);
        var qualities = new List<Quality>();
        foreach (string path in paths)
        {
            Quality quality = context.Progress($"{qualities.Count + 1} of {paths.Count}: {Path.GetFileName(path)}", () => Measure(network, path, scale, threads));
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileNameWithoutExtension(path)}: PSNR-Y {quality.Psnr:0.00} dB SSIM-Y {quality.Ssim:0.0000} | bicubic {quality.BaselinePsnr:0.00} dB {quality.BaselineSsim:0.0000}"));
            qualities.Add(quality);
        }

        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"mean SSIM-Y {qualities.Average(q => q.Ssim):0.0000} over {paths.Count} images | baseline bicubic {qualities.Average(q => q.BaselineSsim):0.0000}"));
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"mean PSNR-Y {qualities.Average(q => q.Psnr):0.00} dB over {paths.Count} images | baseline bicubic {qualities.Average(q => q.BaselinePsnr):0.00} dB"));
        return ExitCode.Success;
    }

    private static Quality Measure(ImageNetwork network, string path, int scale, int threads)
    {
        Image image = InputFiles.ReadImage(path);
        int height = image.Height / scale * scale, width = image.Width / scale * scale;
        if (height <= 2 * scale || width <= 2 * scale)
            throw new BadInputException(path, $"is {image.Height}x{image.Width}, too small to measure x{scale}", "remove it from the set");

        // Papers read every picture as RGB, so that grey ones are measured on the same luma scale.
        Image wanted = image.Crop(0, 0, width, height).WithChannels(3);
        Image reduced = Bicubic.Reduce(wanted, scale);
        int made = network.FindScale(path, new ImageSize(reduced.Height, reduced.Width));
        if (made != scale) throw new BadInputException("--task", $"x{scale} is asked, but the network enlarges by {made}", $"give x{made}");
        Image enlarged = network.Apply(path, reduced, threads, out _);
        Image baseline = Bicubic.Enlarge(reduced, scale);
        return new Quality(
            SignalToNoise.OfLuma(enlarged, wanted, scale),
            StructuralSimilarity.OfLuma(enlarged, wanted, scale),
            SignalToNoise.OfLuma(baseline, wanted, scale),
            StructuralSimilarity.OfLuma(baseline, wanted, scale));
    }

    private static int ParseTask(string task) => task switch
    {
        "x2" => 2,
        "x3" => 3,
        "x4" => 4,
        _ when LaterTasks.Contains(task) => throw new BadInputException("--task", $"'{task}' is not supported yet", "give x2, x3 or x4"),
        _ => throw new BadInputException("--task", $"'{task}' is not a task", "give x2, x3 or x4"),
    };

    private readonly record struct Quality(double Psnr, double Ssim, double BaselinePsnr, double BaselineSsim);
}
