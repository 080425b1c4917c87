using System.CommandLine;
using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Onnx.Export;

namespace Bitloom.Tool;

/// <summary><c>bitloom export</c>: a descriptor to an ONNX file.</summary>
internal sealed class ExportCommand : VerbCommand
{
    private readonly Argument<string> _model = ModelFile.CreateArgument();
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The ONNX file to write.", HelpName = "OUT.onnx" };

    internal ExportCommand()
        : base("export", "Export a network to ONNX.")
    {
        Add(_model);
        Add(_output);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples => ["bitloom export bbcu-m-x2.bloom -o bbcu-m-x2.onnx"];

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Notes =>
    [
        "The file has operator set 13 and computes what the network does: sign(0) is +1, free sizes stay free, gates run one branch.",
        "One-bit weights become +1 and -1 in fp32, 32 times as large.",
        "bitloom verify MODEL.bloom --against-onnxruntime compares the two.",
        "Prints last: wrote OUT.onnx: N nodes, B bytes",
    ];

    /// <inheritdoc/>
    internal override int Execute(ParseResult arguments, ToolContext context)
    {
        string path = arguments.GetRequiredValue(_model);
        string output = arguments.GetValue(_output) ?? throw new BadInputException("export", "give an output with -o", "see bitloom export --help");
        OutputFiles.CheckTarget(output);
        NetworkGraph graph = ModelFile.Open(path).ReadGraph();
        OnnxExport export = context.Progress($"exporting {path}", () => Export(path, graph));
        context.Cancellation.ThrowIfCancellationRequested();
        OutputFiles.Write(output, export.Bytes);
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"wrote {output}: {export.Nodes} nodes, {export.Bytes.Length:N0} bytes"));
        return ExitCode.Success;
    }

    /// <summary>Exports a network read from <paramref name="path"/>.</summary>
    /// <exception cref="BadInputException">ONNX cannot hold it.</exception>
    internal static OnnxExport Export(string path, NetworkGraph graph)
    {
        try
        {
            return OnnxExporter.Export(graph);
        }
        catch (ExportException failure)
        {
            throw new BadInputException(path, failure.Message);
        }
    }
}
