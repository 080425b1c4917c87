using System.Runtime.CompilerServices;
using System.Text;
using Bitloom.Import.Onnx.Operators;
using Bitloom.Import.Onnx.Passes;

namespace Bitloom.Import.Tests;

/// <summary>SUPPORTED.md says what the tables of the importer say; BITLOOM_ACCEPT_SNAPSHOTS=1 rewrites it.</summary>
public sealed class SupportedPageTests
{
    [Fact]
    public void The_page_lists_what_is_supported()
    {
        string path = PagePath(), wanted = Write();
        if (Environment.GetEnvironmentVariable("BITLOOM_ACCEPT_SNAPSHOTS") == "1") File.WriteAllText(path, wanted);
        Assert.Equal(wanted, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    private static string Write()
    {
        var page = new StringBuilder();
        page.Append("# What can be imported from ONNX\n\nWritten by a test from the importer's tables. Operator sets 9 to 21.\n\n## Operators over images\n\n| converter | operators |\n|---|---|\n");
        foreach ((string converter, IReadOnlyList<string> operators) in ConverterTable.Families)
            page.Append($"| `{converter}` | {string.Join(", ", operators)} |\n");
        page.Append("\nOperators over constants and sizes are computed while importing (`ConstantEvaluator`).\n\n## Passes, in order\n\n");
        foreach (OnnxPass pass in OnnxPass.All) page.Append($"- {pass.Name}\n");
        return page.ToString();
    }

    private static string PagePath([CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "src", "Bitloom.Import", "SUPPORTED.md");
}
