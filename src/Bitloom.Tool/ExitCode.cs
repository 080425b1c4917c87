namespace Bitloom.Tool;

/// <summary>Exit codes of the <c>bitloom</c> command.</summary>
internal static class ExitCode
{
    /// <summary>The verb did what was asked.</summary>
    internal const int Success = 0;

    /// <summary>A verification found a difference beyond its tolerance.</summary>
    internal const int VerificationFailed = 1;

    /// <summary>The command line or an input cannot be used, or an output cannot be written.</summary>
    internal const int BadInput = 2;

    /// <summary>The user pressed Ctrl-C: 128 + SIGINT, as shells expect.</summary>
    internal const int Interrupted = 130;
}
