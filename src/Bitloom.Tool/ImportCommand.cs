using System.CommandLine;
using System.Text;
using Bitloom.Compiler.Descriptors;
using Bitloom.Import;
using Bitloom.Import.Onnx;
using Bitloom.Import.Onnx.Gates;

namespace Bitloom.Tool;

/// <summary><c>bitloom import</c>: an ONNX file to a descriptor.</summary>
internal sealed class ImportCommand : VerbCommand
{
    private readonly Argument<string?> _model = new("MODEL.onnx") { Description = "The network, as exported by torch.onnx.export.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The descriptor to write.", HelpName = "OUT.bloom" };
    private readonly Option<string?> _name = new("--name") { Description = "Name of the network. [default: the output's file name]", HelpName = "N" };
    private readonly Option<string?> _description = new("--description") { Description = "One line about the network. [default: none]", HelpName = "D" };
    private readonly Option<bool> _fixed = new("--fixed") { Description = "Keep the size of the export, although the network could take any." };

    private readonly Option<bool> _exactZeros = new("--exact-zeros") { Description = "Keep PyTorch's sign(0) = 0, which Bitloom takes as +1 otherwise: every binary convolution of such signs becomes half the difference of two. Twice the binary work." };

    private readonly Option<string?> _gate = new("--gate") { Description = "In place of MODEL: the predictor of a dynamic-resolution network.", HelpName = "PREDICTOR.onnx" };
    private readonly Option<string[]> _branch = new("--branch") { Description = "With --gate, in the order of its scores: the classifier at one resolution.", HelpName = "NAME=FILE.onnx" };
    private readonly Option<string?> _image = new("--image") { Description = "With --gate: size of the image given. [default: the largest branch's]", HelpName = "HxW" };

    internal ImportCommand()
        : base("import", "Import an ONNX file into a descriptor.")
    {
        Add(_model);
        foreach (Option option in new Option[] { _output, _name, _description, _fixed, _exactZeros, _gate, _branch, _image }) Add(option);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples =>
    [
        "bitloom import model.onnx -o model.bloom",
        "bitloom import bisrnet.onnx --exact-zeros -o bisrnet.bloom",
        "bitloom import --gate predictor.onnx --branch 224=a.onnx --branch 168=b.onnx --branch 112=c.onnx -o drnet.bloom",
    ];

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Notes =>
    [
        "Convolutions of signs become binary where their weights are +-scale; every other convolution is listed with the reason.",
        "Straight-through estimators, shape arithmetic and constants are folded. Operator sets 9 to 21.",
        "Prints last: imported N of N nodes: B binary convolutions, F full-precision, S shifts, G gates",
    ];

    /// <inheritdoc/>
    internal override int Execute(ParseResult arguments, ToolContext context)
    {
        string? model = arguments.GetValue(_model), gate = arguments.GetValue(_gate);
        if ((model is null) == (gate is null)) throw new BadInputException("import", "give either a MODEL.onnx or --gate", "see bitloom import --help");
        string path = model ?? gate!;
        string output = arguments.GetValue(_output) ?? throw new BadInputException("import", "give an output with -o", "see bitloom import --help");
        OutputFiles.CheckTarget(output);
        GateBranch[] branches = ReadBranches(arguments, gate is not null);
        foreach (string file in branches.Select(b => b.Path).Prepend(path)) CheckFile(file);

        var options = new OnnxImportOptions(
            arguments.GetValue(_name) ?? Path.GetFileNameWithoutExtension(output), arguments.GetValue(_description) ?? "", arguments.GetValue(_fixed), arguments.GetValue(_exactZeros));
        OnnxImport import = context.Progress($"importing {path}", () => Import(() => gate is null ? OnnxImporter.Import(path, options) : GateImporter.Import(gate, branches, options, ReadImage(arguments))));
        byte[] descriptor = Encoding.UTF8.GetBytes(Write(path, import));
        context.Cancellation.ThrowIfCancellationRequested();
        OutputFiles.Write(output, descriptor);
        foreach (string line in import.Report.Lines) context.Output.WriteLine(line);
        context.Output.WriteLine(import.Report.Summary);
        return ExitCode.Success;
    }

    private GateBranch[] ReadBranches(ParseResult arguments, bool isGate)
    {
        string[] given = arguments.GetValue(_branch) ?? [];
        if (!isGate && (given.Length > 0 || arguments.GetValue(_image) is not null)) throw new BadInputException("import", "--branch and --image belong to --gate", "see bitloom import --help");
        if (isGate && arguments.GetValue(_fixed)) throw new BadInputException("import", "a gate has a fixed size already", "leave --fixed out");
        return [.. given.Select(b => b.IndexOf('=', StringComparison.Ordinal) is > 0 and int at && at + 1 < b.Length
            ? new GateBranch(b[..at], b[(at + 1)..])
            : throw new BadInputException($"--branch {b}", "is no name and file", "write --branch NAME=FILE.onnx, e.g. 224=a.onnx"))];
    }

    private (int Height, int Width)? ReadImage(ParseResult arguments) =>
        arguments.GetValue(_image) is { } text && ImageSize.Parse(text, "--image") is var size ? (size.Height, size.Width) : null;

    private static void CheckFile(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException(path, "is a folder", "name a file");
        if (!File.Exists(path)) throw new BadInputException(path, "no such file", "check the path");
    }

    private static OnnxImport Import(Func<OnnxImport> import)
    {
        try
        {
            return import();
        }
        catch (ImportException failure)
        {
            throw new BadInputException(failure.Message);
        }
    }

    // Names and sizes come from the file and may be such as no descriptor can hold.
    private static string Write(string path, OnnxImport import)
    {
        try
        {
            string text = DescriptorWriter.Write(import.Graph);
            new ModelFile(path, "").Unwrap(DescriptorReader.Read(text));
            return text;
        }
        catch (ArgumentException failure)
        {
            throw new BadInputException(path, NetworkRun.Reason(failure));
        }
    }
}
