using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bitloom.Generator;

/// <summary>Compiles a graph; <see cref="BloomCompiler"/> in the build, a stand-in where a test is about the generator alone.</summary>
internal delegate Outcome<CompiledNetwork> CompileNetwork(NetworkGraph graph, EmissionOptions options, CancellationToken cancellation);

/// <summary>
/// Completes every class with <c>[BloomModel("x.bloom")]</c> by the network in that descriptor.
/// </summary>
/// <remarks>
/// <code>
/// BloomModel items --> DescriptorFiles --> ReadModels --> ParsedModels --+
///                                              |                         +--> EmissionUnits --> EmittedModels --> Sources
/// attributes ------> AttributedClasses --------|-----> ModelRequests ----+                           |
///                           |                  |                                                     |
///                           +------------------+-----------------------------------------------------+--> Diagnostics
/// </code>
/// Left of <c>EmissionUnits</c>, places are dropped: a line moved in a source file or a comment written into a descriptor ends
/// there in an equal unit, and nothing is emitted again. Diagnostics join on the way back to the places as they are now.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class BloomModelGenerator : IIncrementalGenerator
{
    internal const string AttributeName = "Bitloom.BloomModelAttribute";

    private readonly ModelEmission _emission;

    /// <summary>Called by the compiler host.</summary>
    public BloomModelGenerator()
        : this(BloomCompiler.Compile)
    {
    }

    internal BloomModelGenerator(CompileNetwork compile) => _emission = new ModelEmission(compile);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<DescriptorFile> descriptorFiles = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Where(static pair => DescriptorFile.IsBloomModel(pair.Left, pair.Right))
            .Select(static (pair, cancellation) => DescriptorFile.Of(pair.Left, cancellation))
            .WithTrackingName(TrackingNames.DescriptorFiles);

        IncrementalValuesProvider<ReadModel> readModels = descriptorFiles
            .Select(static (file, cancellation) => ReadModel.From(file, cancellation))
            .WithTrackingName(TrackingNames.ReadModels);

        IncrementalValuesProvider<ParsedModel> parsedModels = readModels
            .Select(static (read, _) => read.Model)
            .WithTrackingName(TrackingNames.ParsedModels);

        IncrementalValuesProvider<AttributedClass> classes = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                AttributeName,
                static (node, _) => node is TypeDeclarationSyntax,
                static (found, cancellation) => AttributedClass.From(found, cancellation))
            .Where(static attributed => attributed is not null)
            .Select(static (attributed, _) => attributed!)
            .WithTrackingName(TrackingNames.AttributedClasses);

        IncrementalValuesProvider<ModelRequest> requests = classes
            .Where(static attributed => attributed.TargetProblem is null)
            .Select(static (attributed, _) => attributed.Request)
            .WithTrackingName(TrackingNames.ModelRequests);

        IncrementalValuesProvider<EmissionUnit> units = requests
            .Combine(parsedModels.Collect())
            .Select(static (pair, _) => EmissionUnit.Resolve(pair.Left, pair.Right))
            .Where(static unit => unit is not null)
            .Select(static (unit, _) => unit!)
            .WithTrackingName(TrackingNames.EmissionUnits);

        IncrementalValuesProvider<EmittedModel> emitted = units
            .Select((unit, cancellation) => _emission.Emit(unit, cancellation))
            .WithTrackingName(TrackingNames.EmittedModels);

        IncrementalValuesProvider<EquatableArray<SourceFile>> sources = emitted
            .Combine(requests.Collect())
            .Select(static (pair, _) => HintNames.Assign(pair.Left, pair.Right))
            .WithTrackingName(TrackingNames.Sources);

        IncrementalValuesProvider<EquatableArray<PlacedDiagnostic>> readDiagnostics = readModels
            .Select(static (read, _) => read.Diagnostics)
            .WithTrackingName(TrackingNames.ReadDiagnostics);

        IncrementalValuesProvider<EquatableArray<PlacedDiagnostic>> classDiagnostics = classes
            .Combine(readModels.Collect())
            .Combine(emitted.Collect())
            .Select(static (joined, _) => ClassDiagnostics.Of(joined.Left.Left, joined.Left.Right, joined.Right))
            .WithTrackingName(TrackingNames.ClassDiagnostics);

        context.RegisterSourceOutput(sources, static (output, files) =>
        {
            foreach (SourceFile file in files) output.AddSource(file.HintName, file.Text);
        });
        context.RegisterSourceOutput(readDiagnostics, Report);
        context.RegisterSourceOutput(classDiagnostics, Report);
    }

    private static void Report(SourceProductionContext output, EquatableArray<PlacedDiagnostic> diagnostics)
    {
        foreach (PlacedDiagnostic diagnostic in diagnostics) output.ReportDiagnostic(diagnostic.ToDiagnostic());
    }
}
