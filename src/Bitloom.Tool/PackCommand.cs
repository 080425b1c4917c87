using System.CommandLine;
using System.Globalization;
using System.Text;
using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import;
using Bitloom.Import.Architectures;
using Bitloom.Import.Safetensors;

namespace Bitloom.Tool;

/// <summary><c>bitloom pack</c>: a PyTorch checkpoint of a known architecture to a descriptor.</summary>
internal sealed class PackCommand : VerbCommand
{
    private const int LargestResolution = 4096;

    private readonly Argument<string?> _architecture = new("ARCHITECTURE") { Description = "The architecture; --list names all.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _weights = new("WEIGHTS.safetensors") { Description = "The checkpoint.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The descriptor to write.", HelpName = "OUT.bloom" };
    private readonly Option<string?> _name = new("--name") { Description = "Name of the network. [default: the output's file name]", HelpName = "N" };
    private readonly Option<string?> _description = new("--description") { Description = "One line about the network. [default: the architecture's]", HelpName = "D" };
    private readonly Option<string?> _scale = new("--scale") { Description = "Expected scale, 2, 3 or 4. [default: the checkpoint's]", HelpName = "N" };
    private readonly Option<string?> _form = new("--form") { Description = "Form of BBCU's units: v1, v2, v3 or v4. [default: v4]", HelpName = "FORM" };
    private readonly Option<string?> _alignment = new("--alignment") { Description = "BBCU's residual alignment k. [default: 130]", HelpName = "K" };
    private readonly Option<string?> _residualScale = new("--residual-scale") { Description = "Factor of EDSR's residual branches. [default: 0.1 from 256 channels on, else 1]", HelpName = "F" };
    private readonly Option<string?> _resolutions = new("--resolutions") { Description = "Resolutions that DRNet's predictor chooses from, in the order of its scores. [default: 224,168,112]", HelpName = "N,N" };
    private readonly Option<string?> _predictorSize = new("--predictor-size") { Description = "Height and width of the image that DRNet's predictor sees. [default: 128]", HelpName = "N" };
    private readonly Option<bool> _list = new("--list") { Description = "List the architectures and their options, and do nothing else." };

    internal PackCommand()
        : base("pack", "Pack a checkpoint of a known architecture into a descriptor.")
    {
        Add(_architecture);
        Add(_weights);
        foreach (Option option in new Option[] { _output, _name, _description, _scale, _form, _alignment, _residualScale, _resolutions, _predictorSize, _list }) Add(option);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples => ["bitloom pack bbcu-sr weights.safetensors -o bbcu-m-x2.bloom --scale 2", "bitloom pack --list"];

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Notes => ["Numbers of channels and layers are read off the checkpoint's shapes."];

    /// <inheritdoc/>
    internal override int Execute(ParseResult arguments, ToolContext context)
    {
        if (arguments.GetValue(_list))
        {
            List(context.Output);
            return ExitCode.Success;
        }

        Architecture architecture = FindArchitecture(arguments.GetValue(_architecture) ?? throw Missing("an architecture"));
        string path = arguments.GetValue(_weights) ?? throw Missing("a checkpoint");
        string output = arguments.GetValue(_output) ?? throw Missing("an output with -o");
        ArchitectureSettings settings = ReadSettings(arguments, architecture, Path.GetFileNameWithoutExtension(output));
        OutputFiles.CheckTarget(output);

        IReadOnlyList<NamedTensor> weights = ReadWeights(path);
        NetworkGraph graph = new ModelFile(path, "").Unwrap(architecture.Build(weights, settings));
        context.Cancellation.ThrowIfCancellationRequested();
        OutputFiles.Write(output, Encoding.UTF8.GetBytes(Write(graph)));
        var counts = ParameterCount.Of(graph);
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"wrote {output}: {graph.Nodes.Count} nodes, {counts.Binary} binary parameters, {counts.Float} fp32 parameters, {DescriptorHash.Compute(graph)}"));
        return ExitCode.Success;
    }

    private static void List(TextWriter output)
    {
        foreach (Architecture architecture in Architectures.All)
        {
            output.WriteLine($"{architecture.Name}: {architecture.Description}");
            foreach (ArchitectureOption option in architecture.Options) output.WriteLine($"  --{option.Name}: {option.Description}");
        }
    }

    private static Architecture FindArchitecture(string name)
    {
        try
        {
            return Architectures.Find(name);
        }
        catch (ImportException failure)
        {
            throw new BadInputException("pack", failure.Message);
        }
    }

    private ArchitectureSettings ReadSettings(ParseResult arguments, Architecture architecture, string fileName)
    {
        string? scale = Setting(_scale), form = Setting(_form), alignment = Setting(_alignment), residualScale = Setting(_residualScale);
        string? resolutions = Setting(_resolutions), predictorSize = Setting(_predictorSize);
        var settings = new ArchitectureSettings(arguments.GetValue(_name) ?? fileName, arguments.GetValue(_description));
        if (scale is not null) settings = settings with { Scale = SharedOptions.ParseNumber("--scale", scale, 2, 4) };
        if (form is not null) settings = settings with { Form = ParseForm(form) };
        if (alignment is not null) settings = settings with { Alignment = ParsePositive("--alignment", alignment, "130") };
        if (residualScale is not null) settings = settings with { ResidualScale = ParsePositive("--residual-scale", residualScale, "0.1") };
        if (resolutions is not null) settings = settings with { Resolutions = ParseResolutions(resolutions) };
        if (predictorSize is not null) settings = settings with { PredictorSize = SharedOptions.ParseNumber("--predictor-size", predictorSize, 1, LargestResolution) };
        return settings;

        string? Setting(Option<string?> option)
        {
            string? value = arguments.GetValue(option);
            if (value is not null && architecture.Options.All(o => $"--{o.Name}" != option.Name))
                throw new BadInputException(option.Name, $"'{architecture.Name}' has no such option", "see bitloom pack --list");
            return value;
        }
    }

    private static BbcuForm ParseForm(string text) =>
        text.Length > 1 && !char.IsAsciiDigit(text[0]) && Enum.TryParse(text, ignoreCase: true, out BbcuForm form) && Enum.IsDefined(form)
            ? form
            : throw new BadInputException("--form", $"'{text}' is not a form", $"give {string.Join(", ", Enum.GetNames<BbcuForm>()).ToLowerInvariant()}");

    private static EquatableArray<int> ParseResolutions(string text)
    {
        EquatableArray<int> resolutions = text.Split(',').Select(r => SharedOptions.ParseNumber("--resolutions", r.Trim(), 1, LargestResolution)).ToEquatableArray();
        return resolutions.Count is >= 2 and <= Gate.MostBranches && resolutions.Distinct().Count() == resolutions.Count ? resolutions
            : throw new BadInputException("--resolutions", $"'{text}' are not 2 to {Gate.MostBranches} different sizes", "give e.g. 224,168,112");
    }

    private static float ParsePositive(string option, string text, string example) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value) && value > 0
            ? value
            : throw new BadInputException(option, $"'{text}' is not a number above 0", $"give e.g. {example}");

    private static IReadOnlyList<NamedTensor> ReadWeights(string path)
    {
        using var stream = new MemoryStream(InputFiles.ReadBytes(path));
        try
        {
            return SafetensorsReader.Read(stream, path);
        }
        catch (ImportException failure)
        {
            throw new BadInputException(failure.Message);
        }
    }

    // A name from the command line may hold what no descriptor can.
    private static string Write(NetworkGraph graph)
    {
        string text;
        try
        {
            text = DescriptorWriter.Write(graph);
        }
        catch (ArgumentException failure)
        {
            throw new BadInputException("pack", NetworkRun.Reason(failure));
        }

        Outcome<NetworkGraph> read = DescriptorReader.Read(text);
        return read.Succeeded ? text : throw new BadInputException("pack", read.Diagnostics[0].Message);
    }

    private static BadInputException Missing(string what) => new("pack", $"give {what}", "see bitloom pack --help");
}
