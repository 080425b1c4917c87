using System.CommandLine;
using Bitloom.Compiler.Graph;
using Bitloom.Training.Recipes;

namespace Bitloom.Tool;

/// <summary><c>bitloom evaluate</c>: a network's quality on a test set, the way papers measure it.</summary>
internal sealed class EvaluateCommand : VerbCommand
{
    private readonly Argument<string> _model = ModelFile.CreateArgument();
    private readonly Option<string> _data = new("--data") { Description = "Folder of good pictures (PNG, PPM, PGM, JPEG), or one with a sub-folder HR; of cubes; of one sub-folder a class.", HelpName = "DIR", Required = true };
    private readonly Option<string> _task = new("--task") { Description = "x2, x3, x4; sigmaN for noise; jpegN for quality N; spectral; classify.", HelpName = "TASK", Required = true };
    private readonly Option<string?> _names = new("--names") { Description = "Only the pictures named in this text file, one a line, without extensions.", HelpName = "FILE" };
    private readonly Option<bool> _filters = new("--filters") { Description = "For sigma and jpeg: also what Gaussian and bilateral filters reach at their best strength." };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON line instead." };
    private readonly Option<string?> _mask = new("--mask") { Description = "For spectral: the camera's coded mask.", HelpName = "FILE" };
    private readonly Option<string> _white = SharedOptions.White();
    private readonly Option<string> _threads = SharedOptions.Threads();
    private readonly Option<string> _width = SharedOptions.Width();

    internal EvaluateCommand()
        : base("evaluate", "Measure a network's quality on a folder of pictures.")
    {
        Add(_model);
        foreach (Option option in new Option[] { _data, _task, _names, _filters, _mask, _white, _threads, _width, _json }) Add(option);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples => ["bitloom evaluate bbcu-m-x2.bloom --data Set5 --task x2", "bitloom evaluate bbcu-denoise-s.bloom --data CBSD68 --task sigma25 --filters"];

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Notes =>
    [
        "x2..x4: reduced as MATLAB's imresize does (bicubic, a = -0.5); PSNR-Y and SSIM-Y over BT.601 luma, without a border of scale pixels.",
        "sigma: noise neither clipped nor rounded; PSNR over all colours. jpeg: luma for networks of one channel, else 4:2:0; PSNR-Y.",
        "spectral: PSNR and SSIM over bands, no noise. classify: share of right classes; of a gated network also what was chosen, and MACs.",
        "Prints last:  mean PSNR-Y 36.42 dB over 5 images | baseline bicubic 33.67 dB",
    ];

    /// <inheritdoc/>
    internal override int Execute(ParseResult arguments, ToolContext context)
    {
        string text = arguments.GetRequiredValue(_task);
        ImageTask task = ImageTask.Parse(text) ?? throw new BadInputException("--task", $"'{text}' is not a task", $"give {ImageTask.Forms}");
        int threads = SharedOptions.ParseThreads(arguments.GetRequiredValue(_threads));
        float white = SharedOptions.ParseWhite(arguments.GetRequiredValue(_white));
        Runtime.VectorWidth width = SharedOptions.ParseWidth(arguments.GetRequiredValue(_width));
        string? mask = arguments.GetValue(_mask);
        if (mask is not null && task.Kind != TaskKind.Spectral) throw new BadInputException("--mask", $"the task {task} has no mask", "leave it out");
        bool withFilters = arguments.GetValue(_filters);
        if (withFilters && task.Kind is not (TaskKind.Denoising or TaskKind.Deblocking)) throw new BadInputException("--filters", $"there is nothing to smooth in the task {task}", "leave it out");
        ModelFile model = ModelFile.Open(arguments.GetRequiredValue(_model));
        NetworkGraph graph = model.ReadGraph();
        string data = arguments.GetRequiredValue(_data);
        IReadOnlyList<string> pictures = FindPictures(task, model, graph, data, arguments.GetValue(_names));

        using INetworkHost host = context.Load(model, graph, width);
        var subject = new EvaluatedNetwork(model, graph, host, white, threads);
        NetworkEvaluation evaluation = pictures.Count > 0 ? new PictureEvaluation(task, subject, pictures, withFilters) : NetworkEvaluation.Create(task, subject, [data], mask);
        if (arguments.GetValue(_json)) context.Output.WriteLine(EvaluationReport.ToJson(evaluation, evaluation.MeasureAll(context, _ => { })));
        else foreach (string line in evaluation.Run(context)) context.Output.WriteLine(line);
        return ExitCode.Success;
    }

    // Mistakes are told before the network is compiled. Empty for tasks that do not begin with a good picture.
    private static IReadOnlyList<string> FindPictures(ImageTask task, ModelFile model, NetworkGraph graph, string data, string? names)
    {
        if (task.Degradation is null) return names is null ? [] : throw new BadInputException("--names", $"the task {task} takes whole folders", "leave it out");
        ImageNetwork.CheckIsPictureNetwork(model, graph);
        IReadOnlyList<string> pictures = EvaluationSet.Find(data);
        return names is null ? pictures : EvaluationSet.Choose(pictures, names);
    }
}
