using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime.Images;

namespace Bitloom.Tool;

/// <summary><c>bitloom run</c>: a network on a picture or on stored tensors.</summary>
internal sealed class RunCommand : VerbCommand
{
    private readonly Argument<string> _model = ModelFile.CreateArgument();
    private readonly Option<string?> _input = new("--input") { Description = "Picture to run on: PNG, PPM or PGM; grey or RGB, with or without alpha.", HelpName = "IMAGE" };
    private readonly Option<string?> _tensors = new("--tensors") { Description = "Tensors to run on: the network's inputs by name.", HelpName = "IN.safetensors" };
    private readonly Option<string> _output = new("--output", "-o") { Description = "Where the result goes: a picture for --input, safetensors for --tensors.", HelpName = "FILE", Required = true };
    private readonly Option<string> _white = SharedOptions.White();
    private readonly Option<string> _threads = SharedOptions.Threads();
    private readonly Option<string> _width = SharedOptions.Width();

    internal RunCommand()
        : base("run", "Run a network on a picture or on tensors.")
    {
        Add(_model);
        foreach (Option option in new Option[] { _input, _tensors, _output, _white, _threads, _width }) Add(option);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples =>
    [
        "bitloom run bbcu-m-x2.bloom --input photo.png -o photo-x2.png --threads 2",
        "bitloom run bbcu-m-x2.bloom --tensors in.safetensors -o out.safetensors",
    ];

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Notes =>
    [
        "A network of three channels gets grey as RGB; one of a single channel gets the luma of colours. Alpha is carried past the network.",
        "The time printed is the network's own, without reading and writing.",
    ];

    /// <inheritdoc/>
    internal override int Execute(ParseResult arguments, ToolContext context)
    {
        string? picture = arguments.GetValue(_input), tensors = arguments.GetValue(_tensors);
        if (picture is null == tensors is null) throw new BadInputException("run", "give either --input or --tensors", "see bitloom run --help");
        string output = arguments.GetRequiredValue(_output);
        int threads = SharedOptions.ParseThreads(arguments.GetRequiredValue(_threads));
        float white = SharedOptions.ParseWhite(arguments.GetRequiredValue(_white));
        Runtime.VectorWidth width = SharedOptions.ParseWidth(arguments.GetRequiredValue(_width));
        if (picture is null) OutputFiles.CheckTarget(output);
        else OutputFiles.CheckImageTarget(output);

        ModelFile model = ModelFile.Open(arguments.GetRequiredValue(_model));
        NetworkGraph graph = model.ReadGraph();
        (string made, TimeSpan time) = picture is not null
            ? RunOnImage(model, graph, picture, output, (threads, width, white), context)
            : RunOnTensors(model, graph, tensors!, output, (threads, width), context);
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"wrote {output}: {made} in {time.TotalMilliseconds:0.0} ms on {threads} {(threads == 1 ? "thread" : "threads")}"));
        return ExitCode.Success;
    }

    private static (string Made, TimeSpan Time) RunOnImage(
        ModelFile model, NetworkGraph graph, string path, string output, (int Threads, Runtime.VectorWidth Width, float White) with, ToolContext context)
    {
        ImageNetwork.CheckIsPictureNetwork(model, graph);
        Image image = InputFiles.ReadImage(path);
        using INetworkHost host = context.Load(model, graph, with.Width);
        var network = new ImageNetwork(model, graph, host, with.White);
        TimeSpan time = default;
        Image result = context.Progress("running the network", () => network.Apply(path, image, with.Threads, out time));
        context.Cancellation.ThrowIfCancellationRequested();
        OutputFiles.WriteImage(output, result);
        return (string.Create(CultureInfo.InvariantCulture, $"{result.Height}x{result.Width} pixels"), time);
    }

    private static (string Made, TimeSpan Time) RunOnTensors(
        ModelFile model, NetworkGraph graph, string path, string output, (int Threads, Runtime.VectorWidth Width) with, ToolContext context)
    {
        Dictionary<string, Tensor> tensors = TensorFile.Read(path);
        ImageSize size = NetworkInputs.FindSize(graph, tensors, path);
        new NetworkShapes(graph).CheckSize(path, size);
        using INetworkHost host = context.Load(model, graph, with.Width);
        using NetworkRun run = NetworkRun.Create(host, path, size, with.Threads);
        long start = Stopwatch.GetTimestamp();
        Dictionary<string, Tensor> results = context.Progress("running the network", () => run.Run(tensors));
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        context.Cancellation.ThrowIfCancellationRequested();
        TensorFile.Write(output, results);
        return (string.Join(", ", results.Select(r => $"{r.Key} {r.Value}")), time);
    }
}
