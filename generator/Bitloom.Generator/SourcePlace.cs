using Bitloom.Compiler.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Bitloom.Generator;

/// <summary>
/// A stretch of text in a source file or a descriptor. Unlike a compiler location it compares by value and keeps no syntax tree
/// alive. Lines and columns count from 0.
/// </summary>
internal sealed record SourcePlace(string Path, int Start, int Length, int StartLine, int StartColumn, int EndLine, int EndColumn)
{
    /// <summary>Where a piece of C# stands.</summary>
    internal static SourcePlace Of(Location location)
    {
        FileLinePositionSpan lines = location.GetLineSpan();
        return new(
            lines.Path, location.SourceSpan.Start, location.SourceSpan.Length,
            lines.StartLinePosition.Line, lines.StartLinePosition.Character, lines.EndLinePosition.Line, lines.EndLinePosition.Character);
    }

    /// <summary>Where the reader found something in a descriptor; its beginning where the reader names no line.</summary>
    /// <param name="path">Path of the descriptor.</param>
    /// <param name="lineStarts">Offset of the first character of every line.</param>
    /// <param name="location">The place, counted from 1.</param>
    internal static SourcePlace Of(string path, IReadOnlyList<int> lineStarts, SourceLocation location)
    {
        int line = Math.Min(Math.Max(location.Line - 1, 0), lineStarts.Count - 1);
        int column = Math.Max(location.Column - 1, 0);
        return new(path, lineStarts[line] + column, 0, line, column, line, column);
    }

    /// <summary>The place as the compiler prints it.</summary>
    internal Location ToLocation() => Location.Create(
        Path,
        new TextSpan(Start, Length),
        new LinePositionSpan(new LinePosition(StartLine, StartColumn), new LinePosition(EndLine, EndColumn)));
}
