using System.CommandLine;
using System.Globalization;
using System.Text;
using Bitloom.Compiler;

namespace Bitloom.Tool;

/// <summary><c>bitloom compile</c>: a descriptor to C# files, as the generator would add them to a build.</summary>
internal sealed class CompileCommand : VerbCommand
{
    private readonly Argument<string> _model = ModelFile.CreateArgument();

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Folder for the .cs files; created where missing.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".",
    };

    private readonly Option<string> _namespace = new("--namespace")
    {
        Description = "Namespace of the emitted class; \"\" for the global one.",
        HelpName = "N",
        DefaultValueFactory = _ => "Bitloom.Networks",
    };

    private readonly Option<string?> _class = new("--class")
    {
        Description = "Name of the emitted class. [default: the file's name, bbcu-m-x2.bloom gives BbcuMX2]",
        HelpName = "C",
    };

    private readonly Option<string> _widths = new("--widths")
    {
        Description = "Vector widths in bits to emit kernels for; the program takes the widest that its machine has.",
        HelpName = "LIST",
        DefaultValueFactory = _ => "512,256,128",
    };

    internal CompileCommand()
        : base("compile", "Compile a network to C# source files.")
    {
        Add(_model);
        Add(_output);
        Add(_namespace);
        Add(_class);
        Add(_widths);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples => ["bitloom compile models/bbcu-m-x2.bloom -o Generated --namespace MyApp --class Upscaler"];

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Notes => ["The files need the package Bitloom.Runtime. Existing files of the same names are replaced."];

    /// <inheritdoc/>
    internal override int Execute(ParseResult arguments, ToolContext context)
    {
        string path = arguments.GetRequiredValue(_model), folder = arguments.GetRequiredValue(_output);
        string className = arguments.GetValue(_class) ?? CSharpNames.FromFileName(path);
        string nameSpace = arguments.GetRequiredValue(_namespace);
        CSharpNames.CheckClass("--class", className);
        CSharpNames.CheckNamespace("--namespace", nameSpace);
        var options = new EmissionOptions(nameSpace, className) { VectorWidths = ParseWidths(arguments.GetRequiredValue(_widths)) };

        ModelFile model = ModelFile.Open(path);
        CompiledNetwork network = model.Unwrap(context.Progress($"compiling {path}", () => BloomCompiler.Compile(model.Text, options, context.Cancellation)));
        (string Path, ReadOnlyMemory<byte> Content)[] files =
            [.. network.Files.Select(f => (Path.Combine(folder, f.HintName), new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(f.Text))))];
        CreateFolder(folder);
        OutputFiles.WriteAll(files);
        foreach ((string file, ReadOnlyMemory<byte> content) in files)
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {content.Length:N0} bytes"));
        if (network.ReadsDescriptor)
            context.Output.WriteLine($"the code reads weights from the descriptor: add <EmbeddedResource Include=\"{path}\" LogicalName=\"{Path.GetFileName(path)}\" /> to the project, unchanged");
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"wrote {files.Length} {(files.Length == 1 ? "file" : "files")} to {folder}"));
        return ExitCode.Success;
    }

    private static EquatableArray<int> ParseWidths(string text)
    {
        var widths = new SortedSet<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part is not ("512" or "256" or "128")) throw new BadInputException("--widths", $"'{part}' is not a vector width", "list some of 512,256,128");
            widths.Add(int.Parse(part, CultureInfo.InvariantCulture));
        }

        return widths.Reverse().ToEquatableArray();
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException(folder, $"cannot be created ({failure.Message.TrimEnd('.')})", "choose another -o");
        }
    }
}
