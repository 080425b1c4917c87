using System.CommandLine;
using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;
using Bitloom.Tool.Peers;

namespace Bitloom.Tool;

/// <summary><c>bitloom verify</c>: emitted code against stored tensors, the reference interpreter or ONNX Runtime.</summary>
internal sealed class VerifyCommand : VerbCommand
{
    // A quarter of one step of an 8-bit image: two correct engines differ by less, for signs near zero may flip.
    private const double DefaultTolerance = 1e-3;

    // The reference interpreter is slow; this is small and not square.
    private const string StandardSize = "24x32";

    private readonly Argument<string> _model = ModelFile.CreateArgument();

    private readonly Option<string?> _tensors = new("--tensors")
    {
        Description = "Inputs by name, and the outputs (or inner tensors) wanted. Height and width come from them. [default: random inputs against the reference interpreter]",
        HelpName = "IO.safetensors",
    };

    private readonly Option<string> _tolerance = new("--tolerance")
    {
        Description = "Largest mean absolute difference that passes.",
        HelpName = "T",
        DefaultValueFactory = _ => DefaultTolerance.ToString(CultureInfo.InvariantCulture),
    };

    private readonly Option<bool> _against = new("--against-onnxruntime") { Description = "Compare with ONNX Runtime, which Node.js runs on an export of the network. Outputs in --tensors then only name inner tensors to compare as well." };
    private readonly Option<string?> _runtime = new("--onnxruntime") { Description = $"Folder with the package onnxruntime-node. [default: {OnnxRuntimePeer.Variable}, else the current folder]", HelpName = "DIR" };
    private readonly Option<bool> _interpret = new("--interpret") { Description = "Compare the reference interpreter in place of compiled code, for networks that the compiler does not take." };
    private readonly Option<bool> _layers = new("--layers") { Description = $"Check every node by itself, from the compiled code's own inputs to it: sums of binary convolutions exactly, all else within T relative to the tensor's mean magnitude. [default of T then: {LayerVerification.DefaultTolerance.ToString(CultureInfo.InvariantCulture)}]" };
    private readonly Option<string?> _size = new("--size") { Description = $"Height and width of random inputs. [default: {StandardSize}]", HelpName = "HxW" };
    private readonly Option<string> _seed = new("--seed") { Description = "Seed of random inputs.", HelpName = "N", DefaultValueFactory = _ => "1" };
    private readonly Option<string> _threads = SharedOptions.Threads();
    private readonly Option<string> _width = SharedOptions.Width();

    internal VerifyCommand()
        : base("verify", "Compare compiled code with stored tensors, the reference interpreter or ONNX Runtime.")
    {
        Add(_model);
        foreach (Option option in new Option[] { _tensors, _tolerance, _against, _runtime, _interpret, _layers, _size, _seed, _threads, _width }) Add(option);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples =>
    [
        "bitloom verify bbcu-m-x2.bloom --tensors io.safetensors --tolerance 1e-3",
        "bitloom verify bbcu-m-x2.bloom --layers --threads 2",
        "bitloom verify bbcu-m-x2.bloom --against-onnxruntime --size 48x64",
    ];

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Notes =>
    [
        "Prints for each output:  NAME: max X mean Y psnr Z over N values",
        "psnr is in dB and takes the largest magnitude wanted as its peak.",
        "With --tensors, after them, where there are any:  note: N signs are of exact zeros, ...",
        "With --layers, for each binary convolution:  NODE: exact over N sums",
        "for each kind of other operators:  KIND: max X mean Y relative over V values of N nodes, worst NODE",
        "and last:  L layers exact over N sums",
        "Exit code 1 past the tolerance on the mean, or at the first sum that differs.",
    ];

    /// <inheritdoc/>
    internal override int Execute(ParseResult arguments, ToolContext context)
    {
        double tolerance = ParseTolerance(arguments.GetRequiredValue(_tolerance));
        int threads = SharedOptions.ParseThreads(arguments.GetRequiredValue(_threads));
        int seed = SharedOptions.ParseNumber("--seed", arguments.GetRequiredValue(_seed), 0, int.MaxValue);
        Runtime.VectorWidth width = SharedOptions.ParseWidth(arguments.GetRequiredValue(_width));
        ModelFile model = ModelFile.Open(arguments.GetRequiredValue(_model));
        NetworkGraph graph = model.ReadGraph();
        var shapes = new NetworkShapes(graph);

        (Dictionary<string, Tensor> tensors, ImageSize size, string place) = ReadOrMakeTensors(arguments, graph, shapes, seed);
        shapes.CheckSize(place, size);
        var inputs = graph.Inputs.ToDictionary(i => i.Name, i => tensors[i.Name]);
        if (arguments.GetValue(_layers) && (arguments.GetValue(_against) || arguments.GetValue(_interpret)))
            throw new BadInputException("--layers", "compares compiled code with the reference interpreter", "leave --against-onnxruntime and --interpret out");
        if (arguments.GetValue(_layers))
        {
            bool isStandard = arguments.GetResult(_tolerance) is not { Implicit: false };
            return LayerVerification.Run(model, graph, inputs, (place, size, threads, width), isStandard ? LayerVerification.DefaultTolerance : tolerance, context);
        }

        Dictionary<string, Tensor> wanted = tensors.Where(t => !inputs.ContainsKey(t.Key)).ToDictionary();
        bool isInterpreted = arguments.GetValue(_interpret), hasPeer = arguments.GetValue(_against);
        if (isInterpreted && !hasPeer && wanted.Count == 0)
            throw new BadInputException("--interpret", "there is nothing to compare the interpreter with", "give outputs by --tensors, or --against-onnxruntime");
        graph = ExposeWanted(graph, shapes, wanted.Keys, place);
        if (hasPeer)
            wanted = context.Progress("running ONNX Runtime", () => OnnxRuntimePeer.At(arguments.GetValue(_runtime)).Run(model.Path, graph, inputs, context.Cancellation));
        else if (wanted.Count == 0)
            wanted = Outputs(graph, Interpret(graph, inputs, place, context));
        bool countsZeros = arguments.GetValue(_tensors) is not null;
        if (isInterpreted)
        {
            IReadOnlyDictionary<string, Tensor> all = Interpret(graph, inputs, place, context);
            int verdict = Report(Outputs(graph, all), wanted, place, tolerance, context);
            if (countsZeros) ZeroSigns.Report(ZeroSigns.Count(ZeroSigns.Find(graph), t => all[t]), context);
            return verdict;
        }

        int exitCode = Report(RunCompiled(graph), wanted, place, tolerance, context);
        if (countsZeros) ZeroSigns.ReportCompiled(graph, inputs, shapes.Bytes(size, ZeroSigns.Find(graph).Distinct()), RunCompiled, context);
        return exitCode;

        Dictionary<string, Tensor> RunCompiled(NetworkGraph network)
        {
            using INetworkHost host = context.Load(model, network, width);
            using NetworkRun run = NetworkRun.Create(host, place, size, threads);
            return context.Progress("running the network", () => run.Run(inputs));
        }
    }

    private static Dictionary<string, Tensor> Outputs(NetworkGraph graph, IReadOnlyDictionary<string, Tensor> tensors) =>
        graph.Outputs.ToDictionary(o => o.Name, o => tensors[o.Tensor]);

    // Every tensor of the network by the name of the input or node that makes it.
    private static IReadOnlyDictionary<string, Tensor> Interpret(NetworkGraph graph, Dictionary<string, Tensor> inputs, string place, ToolContext context)
    {
        try
        {
            return context.Progress("running the reference interpreter", () => Interpreter.RunAll(graph, inputs));
        }
        catch (ArgumentException failure)
        {
            throw new BadInputException(place, $"the network does not take this size ({NetworkRun.Reason(failure)})", "choose another size");
        }
    }

    private (Dictionary<string, Tensor> Tensors, ImageSize Size, string Place) ReadOrMakeTensors(ParseResult arguments, NetworkGraph graph, NetworkShapes shapes, int seed)
    {
        if (arguments.GetValue(_tensors) is { } path)
        {
            Dictionary<string, Tensor> tensors = TensorFile.Read(path);
            return (tensors, NetworkInputs.FindSize(graph, tensors, path), path);
        }

        ImageSize size = shapes.ChooseSize(arguments.GetValue(_size), StandardSize);
        return (NetworkInputs.Random(graph, size, seed), size, "--size");
    }

    // A wanted tensor that is no output may be an inner tensor, by its node's name: then the network returns it as well.
    private static NetworkGraph ExposeWanted(NetworkGraph graph, NetworkShapes shapes, IEnumerable<string> wanted, string place)
    {
        string[] inner = [.. wanted.Where(w => graph.Outputs.All(o => o.Name != w))];
        if (inner.FirstOrDefault(w => !shapes.Contains(w)) is { } unknown)
        {
            throw new BadInputException(place, $"'{unknown}' is no input, output or inner tensor of the network",
                $"its outputs are {string.Join(", ", graph.Outputs.Select(o => o.Name))}");
        }

        return graph.Expose(inner);
    }

    private static int Report(Dictionary<string, Tensor> computed, Dictionary<string, Tensor> wanted, string place, double tolerance, ToolContext context)
    {
        foreach ((string name, Tensor tensor) in wanted)
        {
            if (tensor.ToString() != computed[name].ToString())
                throw new BadInputException(place, $"'{name}' is {tensor}, but the network makes {computed[name]}", "store the output for this input");
        }

        bool passed = true;
        foreach ((string name, Tensor tensor) in wanted)
        {
            var comparison = TensorComparison.Of(computed[name].Values, tensor.Values);
            context.Output.WriteLine($"{name}: {comparison}");
            passed &= comparison.IsWithin(tolerance);
        }

        return passed ? ExitCode.Success : ExitCode.VerificationFailed;
    }

    private static double ParseTolerance(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && double.IsFinite(value)
            ? value
            : throw new BadInputException("--tolerance", $"'{text}' is not a number of 0 or more", "write e.g. 1e-3");
}
