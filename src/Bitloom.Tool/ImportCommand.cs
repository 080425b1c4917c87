using System.CommandLine;
using System.Text;
using Bitloom.Compiler.Descriptors;
using Bitloom.Import;
using Bitloom.Import.Onnx;

namespace Bitloom.Tool;

/// <summary><c>bitloom import</c>: an ONNX file to a descriptor.</summary>
internal sealed class ImportCommand : VerbCommand
{
    private readonly Argument<string> _model = new("MODEL.onnx") { Description = "The network, as exported by torch.onnx.export." };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The descriptor to write.", HelpName = "OUT.bloom" };
    private readonly Option<string?> _name = new("--name") { Description = "Name of the network. [default: the output's file name]", HelpName = "N" };
    private readonly Option<string?> _description = new("--description") { Description = "One line about the network. [default: none]", HelpName = "D" };
    private readonly Option<bool> _fixed = new("--fixed") { Description = "Keep the size of the export, although the network could take any." };

    internal ImportCommand()
        : base("import", "Import an ONNX file into a descriptor.")
    {
        Add(_model);
        foreach (Option option in new Option[] { _output, _name, _description, _fixed }) Add(option);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples => ["bitloom import model.onnx -o model.bloom"];

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
        string path = arguments.GetRequiredValue(_model);
        string output = arguments.GetValue(_output) ?? throw new BadInputException("import", "give an output with -o", "see bitloom import --help");
        OutputFiles.CheckTarget(output);
        if (Directory.Exists(path)) throw new BadInputException(path, "is a folder", "name a file");
        if (!File.Exists(path)) throw new BadInputException(path, "no such file", "check the path");

        var options = new OnnxImportOptions(
            arguments.GetValue(_name) ?? Path.GetFileNameWithoutExtension(output), arguments.GetValue(_description) ?? "", arguments.GetValue(_fixed));
        OnnxImport import = context.Progress($"importing {path}", () => Import(path, options));
        byte[] descriptor = Encoding.UTF8.GetBytes(Write(path, import));
        context.Cancellation.ThrowIfCancellationRequested();
        OutputFiles.Write(output, descriptor);
        foreach (string line in import.Report.Lines) context.Output.WriteLine(line);
        context.Output.WriteLine(import.Report.Summary);
        return ExitCode.Success;
    }

    private static OnnxImport Import(string path, OnnxImportOptions options)
    {
        try
        {
            return OnnxImporter.Import(path, options);
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
