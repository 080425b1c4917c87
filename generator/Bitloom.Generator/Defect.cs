using Bitloom.Compiler.Diagnostics;

namespace Bitloom.Generator;

/// <summary>Turns an exception of the compiler into a diagnostic, so that a defect fails the build with a message and not a crash.</summary>
internal static class Defect
{
    /// <summary>True for what is a defect: everything but the cancellation that the host asked for.</summary>
    internal static bool IsDefect(Exception exception, CancellationToken cancellation) =>
        exception is not OperationCanceledException || !cancellation.IsCancellationRequested;

    /// <summary>One line with the exception's type, message and innermost frame.</summary>
    internal static BloomDiagnostic Describe(Exception exception, SourceLocation location)
    {
        string frame = exception.StackTrace?.Split('\n')[0].Trim() ?? "no stack trace";
        string message = exception.Message.Replace('\r', ' ').Replace('\n', ' ');
        return BloomRules.InternalError.At(
            location,
            $"Bitloom failed with {exception.GetType().Name}: {message} ({frame}). This is a defect of Bitloom, not of the descriptor: please report it with the descriptor.");
    }
}
