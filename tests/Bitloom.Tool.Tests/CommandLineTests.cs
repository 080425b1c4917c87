using System.CommandLine;

namespace Bitloom.Tool.Tests;

public class CommandLineTests
{
    public static TheoryData<string> Verbs => [.. BloomCommandLine.CreateRoot().Subcommands.Select(c => c.Name)];

    [Fact]
    public void Help_of_the_root_lists_every_verb_with_its_purpose()
    {
        ToolRun run = ToolRun.Of("--help");
        run.AssertSucceeded();
        foreach (Command verb in BloomCommandLine.CreateRoot().Subcommands)
        {
            Assert.Contains(verb.Name, run.Output, StringComparison.Ordinal);
            Assert.Contains(verb.Description!, run.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_of_a_verb_tells_its_arguments_options_and_an_example(string name)
    {
        var verb = (VerbCommand)BloomCommandLine.CreateRoot().Subcommands.Single(c => c.Name == name);
        ToolRun run = ToolRun.Of(name, "--help");
        run.AssertSucceeded();
        Assert.Contains(verb.Description!, run.Output, StringComparison.Ordinal);
        foreach (Argument argument in verb.Arguments) Assert.Contains(argument.Description!, run.Output, StringComparison.Ordinal);
        foreach (Option option in verb.Options)
        {
            Assert.Contains(option.Name, run.Output, StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{name} {option.Name} has no description");
            Assert.Contains(option.Description, run.Output, StringComparison.Ordinal);
        }

        Assert.NotEmpty(verb.Examples);
        foreach (string example in verb.Examples) Assert.Contains(example, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Examples_in_the_help_parse(string name)
    {
        RootCommand root = BloomCommandLine.CreateRoot();
        foreach (string example in ((VerbCommand)root.Subcommands.Single(c => c.Name == name)).Examples)
            Assert.Empty(root.Parse(example["bitloom ".Length..]).Errors);
    }

    [Fact]
    public void Version_is_printed() => Assert.Matches(@"^\d+\.\d+\.\d+", ToolRun.Of("--version").Output);

    [Fact]
    public void No_verb_is_refused() => ToolRun.Of().AssertRefused("no verb given", "compile", "bitloom --help");

    [Theory]
    [InlineData("compil", "did you mean 'compile'?")]
    [InlineData("verfy", "did you mean 'verify'?")]
    [InlineData("xyzzy", "see bitloom --help")]
    public void An_unknown_verb_suggests_the_nearest(string verb, string suggestion) =>
        ToolRun.Of(verb, "a.bloom").AssertRefused($"unknown verb '{verb}'", suggestion);

    [Theory]
    [InlineData("--thread", "did you mean '--threads'?")]
    [InlineData("--sise", "did you mean '--size'?")]
    [InlineData("--completely-different", "see bitloom bench --help")]
    public void An_unknown_option_suggests_the_nearest(string option, string suggestion) =>
        ToolRun.Of("bench", "a.bloom", option).AssertRefused($"bench: unknown option '{option}'", suggestion);

    [Fact]
    public void A_missing_argument_is_refused() => ToolRun.Of("bench").AssertRefused("bench: ", "bitloom bench --help");

    [Fact]
    public void A_missing_required_option_is_refused() => ToolRun.Of("run", "a.bloom", "--input", "a.png").AssertRefused("--output");

    [Fact]
    public void Cancellation_ends_with_130()
    {
        using var folder = new TemporaryFolder();
        string model = folder.Write("tiny.bloom", TestNetworks.Upscaler());
        ToolRun run = ToolRun.With(InterpretedHost.Load, new CancellationToken(canceled: true), "bench", model);
        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Equal(BloomCommandLine.InterruptedLine + Environment.NewLine, run.Error);
    }
}
