using Bitloom.Compiler.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Bitloom.Generator;

/// <summary>A message ready to be reported.</summary>
/// <param name="Rule">The rule that was broken.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Place">Where it is wrong now.</param>
internal sealed record PlacedDiagnostic(BloomRule Rule, string Message, SourcePlace Place)
{
    private static readonly Dictionary<string, DiagnosticDescriptor> Descriptors =
        BloomRules.All.ToDictionary(static rule => rule.Id, Describe, StringComparer.Ordinal);

    /// <summary>The compiler's form of it.</summary>
    internal Diagnostic ToDiagnostic() => Diagnostic.Create(Descriptors[Rule.Id], Place.ToLocation(), Message);

    private static DiagnosticDescriptor Describe(BloomRule rule) =>
        new(rule.Id, rule.Title, "{0}", "Bitloom", Severity(rule.Severity), isEnabledByDefault: true);

    private static DiagnosticSeverity Severity(BloomSeverity severity) => severity switch
    {
        BloomSeverity.Information => DiagnosticSeverity.Info,
        BloomSeverity.Warning => DiagnosticSeverity.Warning,
        _ => DiagnosticSeverity.Error,
    };
}
