using System.Collections.Immutable;
using Bitloom.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Bitloom.Generator.Tests;

/// <summary>
/// A project in memory and the state of the generator after its last build. Edits return the state after the next build, in which
/// the driver reuses what it can.
/// </summary>
internal sealed class GeneratorRun
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp13);

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(BloomSession).Assembly.Location),
    ];

    private readonly GeneratorDriver _driver;
    private readonly CSharpCompilation _compilation;
    private readonly ImmutableArray<AdditionalText> _descriptors;

    private GeneratorRun(GeneratorDriver driver, CSharpCompilation compilation, ImmutableArray<AdditionalText> descriptors, CancellationToken cancellation)
    {
        _compilation = compilation;
        _descriptors = descriptors;
        _driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation completed, out _, cancellation);
        Completed = completed;
    }

    /// <summary>The compilation with everything that was emitted.</summary>
    internal Compilation Completed { get; }

    /// <summary>What the driver has to tell about the generator.</summary>
    internal GeneratorRunResult Result => _driver.GetRunResult().Results.Single();

    /// <summary>Emitted files by hint name.</summary>
    internal IReadOnlyDictionary<string, string> Files =>
        Result.GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString(), StringComparer.Ordinal);

    /// <summary>One line a diagnostic of the generator, as a build prints it.</summary>
    internal string[] Messages => [.. Result.Diagnostics.Select(diagnostic => diagnostic.ToString())];

    /// <summary>Builds a project: one source file, and descriptors by path.</summary>
    internal static GeneratorRun Of(
        StandInCompiler compiler, string source, IReadOnlyDictionary<string, string> descriptors, CancellationToken cancellation = default) =>
        Of(new BloomModelGenerator(compiler.Compile), source, descriptors, cancellation);

    /// <summary>Builds a project with a generator of the test's choice.</summary>
    internal static GeneratorRun Of(
        BloomModelGenerator generator, string source, IReadOnlyDictionary<string, string> descriptors, CancellationToken cancellation = default)
    {
        ImmutableArray<AdditionalText> texts = [.. descriptors.Select(pair => new DescriptorText(pair.Key, pair.Value))];
        var compilation = CSharpCompilation.Create(
            "Project",
            [Parse(source, "Program.cs")],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [generator.AsSourceGenerator()], texts, ParseOptions, new ItemTypes(),
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return new GeneratorRun(driver, compilation, texts, cancellation);
    }

    /// <summary>Builds again without an edit.</summary>
    internal GeneratorRun Again() => new(_driver, _compilation.Clone(), _descriptors, default);

    /// <summary>Replaces the first source file and builds.</summary>
    internal GeneratorRun WithSource(string source) =>
        new(_driver, _compilation.ReplaceSyntaxTree(_compilation.SyntaxTrees[0], Parse(source, "Program.cs")), _descriptors, default);

    /// <summary>Adds a source file and builds.</summary>
    internal GeneratorRun WithAnotherSource(string source) =>
        new(_driver, _compilation.AddSyntaxTrees(Parse(source, "Other.cs")), _descriptors, default);

    /// <summary>Replaces a descriptor's text and builds.</summary>
    internal GeneratorRun WithDescriptor(string path, string text)
    {
        AdditionalText old = _descriptors.Single(descriptor => descriptor.Path == path), replacement = new DescriptorText(path, text);
        return new(_driver.ReplaceAdditionalText(old, replacement), _compilation, _descriptors.Replace(old, replacement), default);
    }

    /// <summary>Why each output of a step was or was not computed.</summary>
    internal IEnumerable<IncrementalStepRunReason> ReasonsOf(string step) =>
        Result.TrackedSteps.TryGetValue(step, out ImmutableArray<IncrementalGeneratorRunStep> runs)
            ? runs.SelectMany(run => run.Outputs).Select(output => output.Reason) : [];

    /// <summary>Everything that a step holds on to.</summary>
    internal IEnumerable<object?> OutputsOf(string step) =>
        Result.TrackedSteps.TryGetValue(step, out ImmutableArray<IncrementalGeneratorRunStep> runs)
            ? runs.SelectMany(run => run.Outputs).Select(output => (object?)output.Value) : [];

    private static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, ParseOptions, path);

    private sealed class DescriptorText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    /// <summary>What Bitloom.targets tells the compiler: files in <c>other/</c> belong to some other tool.</summary>
    private sealed class ItemTypes : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(null);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) =>
            textFile.Path.StartsWith("other/", StringComparison.Ordinal) ? GlobalOptions : new Options("BloomModel");
    }

    private sealed class Options(string? itemType) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = key == "build_metadata.AdditionalFiles.SourceItemType" ? itemType : null;
            return value is not null;
        }
    }
}
