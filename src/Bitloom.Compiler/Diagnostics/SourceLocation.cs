namespace Bitloom.Compiler.Diagnostics;

/// <summary>A place in a descriptor: 1-based line and column, and the node that stands there, if any.</summary>
/// <param name="Line">Line in the descriptor, from 1; 0 where the graph did not come from text.</param>
/// <param name="Column">Column in UTF-16 units, from 1; 0 where the graph did not come from text.</param>
/// <param name="Node">Name of the node, input, output or weight concerned; empty for the file as a whole.</param>
public sealed record SourceLocation(int Line, int Column, string Node)
{
    /// <summary>No particular place: a graph built in code.</summary>
    public static SourceLocation None { get; } = new(0, 0, "");

    /// <inheritdoc/>
    public override string ToString() => (Line, Node) switch
    {
        (0, "") => "",
        (0, _) => $"'{Node}'",
        (_, "") => $"({Line},{Column})",
        _ => $"({Line},{Column}) '{Node}'",
    };
}
