namespace Bitloom.Tool.Tests;

/// <summary>Standard output of a run that is interrupted as soon as a line begins with a text.</summary>
internal sealed class CancelOnText(string start) : StringWriter
{
    private readonly CancellationTokenSource _source = new();

    internal CancellationToken Token => _source.Token;

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.StartsWith(start, StringComparison.Ordinal) == true) _source.Cancel();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _source.Dispose();
        base.Dispose(disposing);
    }
}
