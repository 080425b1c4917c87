using System.Collections.Immutable;
using System.Text;
using Bitloom.Compiler;
using Bitloom.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Bitloom.Hosting;

/// <summary>Turns emitted C# into an assembly image, optimised and without debug information.</summary>
internal static class InMemoryCompilation
{
    private const int DiagnosticsShown = 5;

    // What the SDK's implicit usings would give is absent on purpose: emitted code names all that it uses.
    private static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp13, DocumentationMode.None);

    private static CSharpCompilationOptions CompilationOptions { get; } = new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release,
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Enable,
        concurrentBuild: true,
        deterministic: true);

    internal static MemoryStream Compile(IReadOnlyList<SourceFile> files, string assemblyName, string? descriptor, CancellationToken cancellation)
    {
        IEnumerable<SyntaxTree> trees = files.Select(f =>
            CSharpSyntaxTree.ParseText(SourceText.From(f.Text, Encoding.UTF8), ParseOptions, f.HintName, cancellation));
        var compilation = CSharpCompilation.Create(assemblyName, trees, References(), CompilationOptions);
        var image = new MemoryStream();
        ResourceDescription[] resources = descriptor is null ? []
            : [new ResourceDescription(assemblyName + ".bloom", () => new MemoryStream(Encoding.UTF8.GetBytes(descriptor)), isPublic: false)];
        EmitResult result = compilation.Emit(image, manifestResources: resources, options: new EmitOptions(debugInformationFormat: 0, includePrivateMembers: true), cancellationToken: cancellation);

        // Emitted code promises to be free of warnings too; hidden and informational diagnostics do not count.
        ImmutableArray<Diagnostic> faults = [.. result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed)];
        if (!result.Success || faults.Length > 0) throw new EmittedCodeException(Describe(faults));
        image.Position = 0;
        return image;
    }

    /// <summary>The libraries of this process that emitted code may use: the framework's own and the runtime.</summary>
    private static IEnumerable<MetadataReference> References()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        return trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => Path.GetDirectoryName(path) == framework && Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(BloomSession).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path));
    }

    private static string Describe(ImmutableArray<Diagnostic> faults)
    {
        var text = new StringBuilder("The emitted code does not compile cleanly, which is a defect of Bitloom's compiler; please report it with the descriptor.");
        foreach (Diagnostic fault in faults.OrderByDescending(f => f.Severity).Take(DiagnosticsShown))
        {
            text.Append('\n').Append(fault.ToString());
            if (fault.Location.SourceTree?.GetText() is { } source)
                text.Append("\n    ").Append(source.Lines[fault.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim());
        }

        if (faults.Length > DiagnosticsShown) text.Append($"\n... and {faults.Length - DiagnosticsShown} more.");
        return text.ToString();
    }
}
