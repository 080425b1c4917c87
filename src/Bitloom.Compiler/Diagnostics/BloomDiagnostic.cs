namespace Bitloom.Compiler.Diagnostics;

/// <summary>How bad a diagnostic is.</summary>
public enum BloomSeverity
{
    /// <summary>Worth knowing; the network compiles.</summary>
    Information,

    /// <summary>Probably a mistake; the network compiles.</summary>
    Warning,

    /// <summary>Nothing is emitted.</summary>
    Error,
}

/// <summary>One message about a descriptor or a graph: what is wrong, where, and what to do about it.</summary>
/// <param name="Rule">The rule that was broken; see <see cref="BloomRules"/>.</param>
/// <param name="Message">What is wrong and what to do, in one line, with names and numbers filled in.</param>
/// <param name="Location">The place in the descriptor.</param>
public sealed record BloomDiagnostic(BloomRule Rule, string Message, SourceLocation Location)
{
    /// <summary>The rule's id, <c>BLOOM001</c> and on.</summary>
    public string Id => Rule.Id;

    /// <summary>True where nothing can be emitted.</summary>
    public bool IsError => Rule.Severity == BloomSeverity.Error;

    /// <summary>One line: <c>(12,5) 'conv_first': error BLOOM005: ...</c>.</summary>
    public override string ToString()
    {
        string place = Location.ToString();
        return $"{(place.Length == 0 ? "" : place + ": ")}{Rule.Severity.ToString().ToLowerInvariant()} {Id}: {Message}";
    }
}

/// <summary>A kind of diagnostic, as listed for users.</summary>
/// <param name="Id"><c>BLOOM</c> and three digits.</param>
/// <param name="Title">What the rule is about, in a few words.</param>
/// <param name="Severity">Its severity.</param>
public sealed record BloomRule(string Id, string Title, BloomSeverity Severity)
{
    /// <summary>Makes a diagnostic of this rule.</summary>
    public BloomDiagnostic At(SourceLocation location, string message) => new(this, message, location);
}
