using Bitloom.Compiler.Diagnostics;
using Bitloom.Tests;
using Microsoft.CodeAnalysis;

namespace Bitloom.Generator.Tests;

/// <summary>What users read when something is wrong, and where it points.</summary>
public class DiagnosticTests
{
    private readonly StandInCompiler _compiler = new();

    [Fact]
    public void MissingDescriptorNamesTheNearestAndTheLineToAdd()
    {
        GeneratorRun run = GeneratorRun.Of(_compiler, SourceFor("bbcu-m-x2.bloom"), new Dictionary<string, string>
        {
            ["/home/me/models/bbcu-m-x3.bloom"] = Networks.Descriptor("a"),
            ["/home/me/models/BBCU-M-x2.bloom"] = Networks.Descriptor("b"),
            ["/home/me/models/bisrnet.bloom"] = Networks.Descriptor("c"),
            ["/home/me/models/a-very-different-network.bloom"] = Networks.Descriptor("d"),
        });

        Snapshot.Match(string.Join("\n", run.Messages));
        Assert.Empty(run.Files);
    }

    [Fact]
    public void MissingDescriptorInProjectWithoutAny()
    {
        GeneratorRun run = GeneratorRun.Of(_compiler, SourceFor("x.bloom"), new Dictionary<string, string>());

        Snapshot.Match(string.Join("\n", run.Messages));
    }

    [Fact]
    public void AmbiguousDescriptorListsWhatTellsThemApart()
    {
        GeneratorRun run = GeneratorRun.Of(_compiler, SourceFor("x.bloom"), new Dictionary<string, string>
        {
            ["/home/me/indoor/models/x.bloom"] = Networks.Descriptor(),
            ["/home/me/outdoor/models/x.bloom"] = Networks.Descriptor(),
        });

        Snapshot.Match(string.Join("\n", run.Messages));
        Assert.Empty(_compiler.Compiled);
    }

    [Theory]
    [InlineData("outdoor/x.bloom")]
    [InlineData("outdoor\\\\x.bloom")]
    [InlineData("./outdoor/x.bloom")]
    [InlineData("/home/me/outdoor/x.bloom")]
    public void PartOfThePathTellsDescriptorsApart(string descriptor)
    {
        GeneratorRun run = GeneratorRun.Of(_compiler, SourceFor(descriptor), new Dictionary<string, string>
        {
            ["/home/me/indoor/x.bloom"] = Networks.Descriptor("indoor"),
            ["/home/me/outdoor/x.bloom"] = Networks.Descriptor("outdoor"),
            ["/home/me/outdoor/xx.bloom"] = Networks.Descriptor("xx"),
        });

        Assert.Empty(run.Messages);
        Assert.Contains("NetworkName = \"outdoor\"", run.Files["Demo.Network.g.cs"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[BloomModel(\"\")] public static partial class Network;")]
    [InlineData("[BloomModel(null!)] public static partial class Network;")]
    public void AttributeWithoutANameIsReported(string source)
    {
        GeneratorRun run = GeneratorRun.Of(_compiler, "#nullable enable\nusing Bitloom;\n" + source, new Dictionary<string, string>());

        Assert.Contains("BLOOM012: The attribute names no descriptor", Assert.Single(run.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void ClassThatCannotHoldAModelIsRefusedWithTheReason()
    {
        string[] classes =
        [
            "[BloomModel(\"x.bloom\")] public partial class NotStatic;",
            "[BloomModel(\"x.bloom\")] public static class NotPartial;",
            "[BloomModel(\"x.bloom\")] public static partial class Generic<T>;",
            "public static partial class Outer { [BloomModel(\"x.bloom\")] public static partial class Nested; }",
            "[BloomModel(\"x.bloom\")] file static partial class OneFile;",
            "[BloomModel(\"x.bloom\")] public partial record Record;",
        ];

        GeneratorRun run = GeneratorRun.Of(
            _compiler, "using Bitloom;\n" + string.Join("\n", classes), new Dictionary<string, string> { ["x.bloom"] = Networks.Descriptor() });

        Snapshot.Match(string.Join("\n", run.Messages));
        Assert.Empty(_compiler.Compiled);
    }

    [Fact]
    public void ErrorInADescriptorPointsIntoIt()
    {
        string descriptor = "// A first line.\n  ?" + Networks.Descriptor();

        GeneratorRun run = GeneratorRun.Of(_compiler, SourceFor("x.bloom"), new Dictionary<string, string> { ["m/x.bloom"] = descriptor });

        Diagnostic diagnostic = Assert.Single(run.Result.Diagnostics);
        FileLinePositionSpan place = diagnostic.Location.GetLineSpan();
        Assert.Equal(("BLOOM001", "m/x.bloom", 1, 2), (diagnostic.Id, place.Path, place.StartLinePosition.Line, place.StartLinePosition.Character));
        Assert.Equal(descriptor.IndexOf('?', StringComparison.Ordinal), diagnostic.Location.SourceSpan.Start);
        Assert.Empty(_compiler.Compiled);
    }

    [Fact]
    public void DescriptorUsedTwiceReportsItsErrorOnce()
    {
        GeneratorRun run = GeneratorRun.Of(
            _compiler, SourceFor("x.bloom") + "\n[BloomModel(\"x.bloom\")] static partial class Second;", new Dictionary<string, string> { ["x.bloom"] = "?" });

        Assert.StartsWith("x.bloom(1,1): error BLOOM001: ", Assert.Single(run.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void ExceptionOfTheCompilerIsADiagnosticAndNotACrash()
    {
        var compiler = new StandInCompiler { Defect = new InvalidOperationException("first line\nsecond line") };

        GeneratorRun run = GeneratorRun.Of(compiler, SourceFor("x.bloom"), new Dictionary<string, string> { ["x.bloom"] = Networks.Descriptor() });

        string message = Assert.Single(run.Messages);
        Assert.StartsWith("x.bloom(1,1): error BLOOM099: Bitloom failed with InvalidOperationException: first line second line (at ", message, StringComparison.Ordinal);
        Assert.Null(run.Result.Exception);
    }

    [Fact]
    public void EveryRuleIsListedInTheReleaseFiles()
    {
        string[] listed = [.. Directory.GetFiles(AppContext.BaseDirectory, "AnalyzerReleases.*.md").SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("BLOOM", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

        Assert.Equal(BloomRules.All.Select(rule => $"{rule.Id} | Bitloom | {rule.Severity} | {rule.Title}"), listed);
    }

    private static string SourceFor(string descriptor) => $"""
        using Bitloom;

        namespace Demo;

        [BloomModel("{descriptor}")]
        public static partial class Network;
        """;
}
