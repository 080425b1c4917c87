using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;

namespace Bitloom.Generator;

/// <summary>One class and its network. Equal units emit equal code.</summary>
internal sealed record EmissionUnit(ModelRequest Request, NetworkContent Content)
{
    /// <summary>The unit of a request; null where no single, sound descriptor bears the name.</summary>
    internal static EmissionUnit? Resolve(ModelRequest request, IReadOnlyCollection<ParsedModel> models)
    {
        if (DescriptorSearch.Find(request.Descriptor, models.Select(model => model.Path)) is not [string path]) return null;
        return models.First(model => model.Path == path).Content is { } content ? new(request, content) : null;
    }
}

/// <summary>The compiler's answer to a unit.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Files">Emitted C#, under the compiler's names; none where there was an error.</param>
/// <param name="Diagnostics">What the compiler had to say.</param>
internal sealed record EmittedModel(ModelRequest Request, EquatableArray<SourceFile> Files, EquatableArray<AnchoredDiagnostic> Diagnostics);

/// <summary>A message about a part of a graph.</summary>
/// <param name="Rule">The rule that was broken.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Anchor">Index of the part's place in <see cref="GraphLocations"/>: it stays true when lines move.</param>
internal sealed record AnchoredDiagnostic(BloomRule Rule, string Message, int Anchor);

/// <summary>Calls the compiler.</summary>
internal sealed class ModelEmission(CompileNetwork compile)
{
    /// <summary>Compiles a unit; a defect of the compiler becomes a diagnostic.</summary>
    internal EmittedModel Emit(EmissionUnit unit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Outcome<CompiledNetwork> outcome = Compile(unit, cancellation);
        return new(
            unit.Request,
            outcome.Succeeded ? outcome.Value!.Files : [],
            outcome.Diagnostics
                .Select(d => new AnchoredDiagnostic(d.Rule, d.Message, GraphLocations.IndexOf(unit.Content.Graph, d.Location)))
                .ToEquatableArray());
    }

    private Outcome<CompiledNetwork> Compile(EmissionUnit unit, CancellationToken cancellation)
    {
        ModelRequest request = unit.Request;
        try
        {
            return compile(unit.Content.Graph, new EmissionOptions(request.Namespace, request.ClassName, request.Accessibility), cancellation);
        }
        catch (Exception exception) when (Defect.IsDefect(exception, cancellation))
        {
            return Outcome.Failure<CompiledNetwork>(Defect.Describe(exception, SourceLocation.None));
        }
    }
}
