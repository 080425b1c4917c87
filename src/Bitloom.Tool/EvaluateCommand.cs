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
    private readonly Option<string?> _mask = new("--mask") { Description = "For spectral: the camera's coded mask.", HelpName = "FILE" };
    private readonly Option<string> _white = SharedOptions.White();
    private readonly Option<string> _threads = SharedOptions.Threads();
    private readonly Option<string> _width = SharedOptions.Width();

    internal EvaluateCommand()
        : base("evaluate", "Measure a network's quality on a folder of pictures.")
    {
        Add(_model);
        foreach (Option option in new Option[] { _data, _task, _mask, _white, _threads, _width }) Add(option);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples => ["bitloom evaluate bbcu-m-x2.bloom --data Set5 --task x2", "bitloom evaluate bbcu-denoise-s.bloom --data CBSD68 --task sigma25"];

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
        ModelFile model = ModelFile.Open(arguments.GetRequiredValue(_model));
        NetworkGraph graph = model.ReadGraph();
        if (task.Degradation is not null)
        {
            ImageNetwork.CheckIsPictureNetwork(model, graph);
            _ = EvaluationSet.Find(arguments.GetRequiredValue(_data));
        }

        using INetworkHost host = context.Load(model, graph, width);
        var evaluation = NetworkEvaluation.Create(task, new EvaluatedNetwork(model, graph, host, white, threads), [arguments.GetRequiredValue(_data)], mask);
        foreach (string line in evaluation.Run(context)) context.Output.WriteLine(line);
        return ExitCode.Success;
    }
}
