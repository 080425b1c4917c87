using Bitloom.Compiler.Graph;
using Bitloom.Runtime;

namespace Bitloom.Tool.Tests;

/// <summary>What one command line did, run inside the test's process.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    internal string[] Lines => Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    internal string LastLine => Lines[^1];

    /// <summary>Runs with the interpreter in place of emitted code.</summary>
    internal static ToolRun Of(params string[] arguments) => With(InterpretedHost.Load, default, arguments);

    /// <summary>Runs with emitted code.</summary>
    internal static ToolRun Compiled(params string[] arguments) => With(NetworkHost.Load, default, arguments);

    internal static ToolRun With(Func<ModelFile, NetworkGraph, VectorWidth, CancellationToken, INetworkHost> host, CancellationToken cancellation, params string[] arguments)
    {
        using StringWriter output = new();
        return With(host, cancellation, output, arguments);
    }

    /// <summary>Runs with an output that the test watches.</summary>
    internal static ToolRun With(
        Func<ModelFile, NetworkGraph, VectorWidth, CancellationToken, INetworkHost> host, CancellationToken cancellation, StringWriter output, params string[] arguments)
    {
        using StringWriter error = new();
        var context = new ToolContext(output, error, ShowsProgress: false, cancellation) { LoadHost = host };
        int exitCode = BloomCommandLine.Run(arguments, context);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Bad input: exit code 2, nothing on standard output, and one line <c>bitloom: place: what...</c> that holds all fragments.</summary>
    internal void AssertRefused(params string[] fragments)
    {
        Assert.Equal(Tool.ExitCode.BadInput, ExitCode);
        Assert.Equal("", Output);
        Assert.StartsWith("bitloom: ", Error, StringComparison.Ordinal);
        Assert.EndsWith(Environment.NewLine, Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Error.TrimEnd('\r', '\n'));
        Assert.DoesNotContain("this is a defect", Error, StringComparison.Ordinal);
        foreach (string fragment in fragments) Assert.Contains(fragment, Error, StringComparison.Ordinal);
    }

    internal void AssertSucceeded()
    {
        Assert.Equal("", Error);
        Assert.Equal(Tool.ExitCode.Success, ExitCode);
    }
}
