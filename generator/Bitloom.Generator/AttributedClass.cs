using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bitloom.Generator;

/// <summary>What to emit: a class and the descriptor that it names, wherever they stand.</summary>
/// <param name="Namespace">Namespace as C# writes it; empty for the global one.</param>
/// <param name="ClassName">Name of the class as C# writes it.</param>
/// <param name="Accessibility"><c>public</c> or <c>internal</c>.</param>
/// <param name="Descriptor">The attribute's argument.</param>
internal sealed record ModelRequest(string Namespace, string ClassName, string Accessibility, string Descriptor)
{
    /// <summary>Namespace and name, without the <c>@</c> of names that are keywords.</summary>
    internal string FullName => (Namespace.Length == 0 ? ClassName : Namespace + "." + ClassName).Replace("@", "");
}

/// <summary>A class with the attribute.</summary>
/// <param name="Request">What to emit.</param>
/// <param name="TargetProblem">Why the class cannot hold a model and what to do; null where it can.</param>
/// <param name="Place">Where the attribute stands.</param>
internal sealed record AttributedClass(ModelRequest Request, string? TargetProblem, SourcePlace Place)
{
    /// <summary>Takes from the compiler's objects what the later steps need; null where C# itself reports the attribute as wrong.</summary>
    internal static AttributedClass? From(GeneratorAttributeSyntaxContext found, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var symbol = (INamedTypeSymbol)found.TargetSymbol;
        AttributeData attribute = found.Attributes[0];
        if (attribute.ConstructorArguments is not [{ Kind: TypedConstantKind.Primitive } argument]) return null;

        // Written on two parts of a class, the attribute is an error of C#, and both parts come here with both; the first one counts.
        if (attribute.ApplicationSyntaxReference is not { } place
            || place.SyntaxTree != found.TargetNode.SyntaxTree || !found.TargetNode.Span.Contains(place.Span)) return null;

        var request = new ModelRequest(
            symbol.ContainingNamespace.IsGlobalNamespace ? "" : string.Join(".", symbol.ContainingNamespace.ToDisplayParts()
                .Where(part => part.Kind == SymbolDisplayPartKind.NamespaceName).Select(part => Escape(part.ToString()))),
            Escape(symbol.Name),
            symbol.DeclaredAccessibility == Accessibility.Public ? "public" : "internal",
            (argument.Value as string ?? "").Replace('\\', '/'));
        return new(request, FindProblem(symbol, (TypeDeclarationSyntax)found.TargetNode), SourcePlace.Of(place.GetSyntax(cancellation).GetLocation()));
    }

    private static string? FindProblem(INamedTypeSymbol symbol, TypeDeclarationSyntax declaration)
    {
        string? problem =
            symbol.IsRecord ? "is a record"
            : symbol.ContainingType is { } outer ? $"is nested in '{outer.Name}'"
            : symbol.IsGenericType ? "is generic"
            : symbol.IsFileLocal ? "is local to its file"
            : !symbol.IsStatic ? "is not static"
            : !declaration.Modifiers.Any(SyntaxKind.PartialKeyword) ? "is not partial"
            : null;
        return problem is null ? null
            : $"Class '{symbol.Name}' {problem}. A model completes a static partial class at namespace level: declare it as 'public static partial class {symbol.Name};'.";
    }

    private static string Escape(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
