using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Bitloom.Generator.Tests;

/// <summary>What the generator adds to a compilation.</summary>
public class EmissionTests
{
    private readonly StandInCompiler _compiler = new();

    private static Dictionary<string, string> TwoDescriptors { get; } = new()
    {
        ["models/first.bloom"] = Networks.Descriptor("first"),
        ["models/second.bloom"] = Networks.Descriptor("second"),
    };

    [Fact]
    public void TwoModelsInOneProject()
    {
        GeneratorRun run = GeneratorRun.Of(_compiler, """
            using Bitloom;
            namespace Demo;
            [BloomModel("first.bloom")] public static partial class First;
            [BloomModel("second.bloom")] static partial class Second;
            """, TwoDescriptors);

        Assert.Equal(["Demo.First.Kernels128.g.cs", "Demo.First.g.cs", "Demo.Second.Kernels128.g.cs", "Demo.Second.g.cs"], SortedNames(run));
        Assert.Contains("public static partial class First", run.Files["Demo.First.g.cs"], StringComparison.Ordinal);
        Assert.Contains("internal static partial class Second", run.Files["Demo.Second.g.cs"], StringComparison.Ordinal);
        AssertCompiles(run);
    }

    [Fact]
    public void ClassesOfOneNameInTwoNamespaces()
    {
        GeneratorRun run = GeneratorRun.Of(_compiler, """
            using Bitloom;
            namespace Indoor { [BloomModel("first.bloom")] static partial class Network; }
            namespace Outdoor.Day { [BloomModel("second.bloom")] static partial class Network; }
            """, TwoDescriptors);

        Assert.Contains("\"first\"", run.Files["Indoor.Network.g.cs"], StringComparison.Ordinal);
        Assert.Contains("\"second\"", run.Files["Outdoor.Day.Network.g.cs"], StringComparison.Ordinal);
        AssertCompiles(run);
    }

    [Fact]
    public void ClassesThatDifferOnlyInCase()
    {
        GeneratorRun run = GeneratorRun.Of(_compiler, """
            using Bitloom;
            [BloomModel("first.bloom")] static partial class Network;
            [BloomModel("second.bloom")] static partial class NETWORK;
            """, TwoDescriptors);

        Assert.Equal(["NETWORK.Kernels128.g.cs", "NETWORK.g.cs", "Network_2.Kernels128.g.cs", "Network_2.g.cs"], SortedNames(run));
        AssertCompiles(run);
    }

    [Fact]
    public void NamesThatAreKeywords()
    {
        GeneratorRun run = GeneratorRun.Of(_compiler, """
            using Bitloom;
            namespace Demo.@event;
            [BloomModel("first.bloom")] static partial class @class;
            """, TwoDescriptors);

        Assert.Equal(["Demo.event.class.Kernels128.g.cs", "Demo.event.class.g.cs"], SortedNames(run));
        AssertCompiles(run);
    }

    [Fact]
    public void AttributeOnBothPartsOfAClassIsAnErrorOfCSharpAlone()
    {
        GeneratorRun run = GeneratorRun.Of(_compiler, """
            using Bitloom;
            [BloomModel("first.bloom")] static partial class Network;
            [BloomModel("second.bloom")] static partial class Network;
            """, TwoDescriptors);

        Assert.Null(run.Result.Exception);
        Assert.Contains("\"first\"", run.Files["Network.g.cs"], StringComparison.Ordinal);
        Assert.Equal(["CS0579"], run.Completed.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.Id));
    }

    [Fact]
    public void AdditionalFilesOfOtherToolsAreLeftAlone()
    {
        Dictionary<string, string> descriptors = new(TwoDescriptors) { ["other/first.bloom"] = "not a descriptor" };

        GeneratorRun run = GeneratorRun.Of(_compiler, "[Bitloom.BloomModel(\"first.bloom\")] static partial class Network;", descriptors);

        Assert.Empty(run.Messages);
        AssertCompiles(run);
    }

    [Fact]
    public void CompilerBehindTheGeneratorCompletesAClassWithoutWarnings()
    {
        GeneratorRun run = GeneratorRun.Of(new BloomModelGenerator(), """
            using Bitloom;
            namespace Demo;
            [BloomModel("first.bloom")] public static partial class Network;
            public static class Caller { public static Network.Session Open() => Network.Create(height: 8, width: 8); }
            """, TwoDescriptors);

        Assert.Empty(run.Messages);
        Assert.All(run.Files.Keys, name => Assert.StartsWith("Demo.Network.", name, StringComparison.Ordinal));
        AssertCompiles(run);
    }

    [Fact]
    public void EmittedCodeIsTheSameInEveryCulture()
    {
        const string source = "[Bitloom.BloomModel(\"first.bloom\")] public static partial class Network;";
        IReadOnlyDictionary<string, string> expected = GeneratorRun.Of(new BloomModelGenerator(), source, TwoDescriptors).Files;
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = HostileCulture();
            Assert.NotEmpty(expected);
            Assert.Equal(expected, GeneratorRun.Of(new BloomModelGenerator(), source, TwoDescriptors).Files);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void CancellationStopsTheRunAndIsNoDiagnostic()
    {
        using var cancellation = new CancellationTokenSource();
        var compiler = new StandInCompiler { Compiling = cancellation.Cancel };

        Assert.Throws<OperationCanceledException>(() => GeneratorRun.Of(
            compiler, "[Bitloom.BloomModel(\"first.bloom\")] static partial class Network;", TwoDescriptors, cancellation.Token));
    }

    private static string[] SortedNames(GeneratorRun run) => [.. run.Files.Keys.Order(StringComparer.Ordinal)];

    private static void AssertCompiles(GeneratorRun run) =>
        Assert.Empty(run.Completed.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));

    /// <summary>A culture that writes numbers as no language does, and that needs no data of the operating system.</summary>
    private static CultureInfo HostileCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = "~";
        culture.NumberFormat.NumberGroupSeparator = "'";
        culture.NumberFormat.NegativeSign = "minus ";
        return culture;
    }
}
