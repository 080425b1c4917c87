using System.Text;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Xunit;

namespace Bitloom.Compiler.Tests.Descriptors;

/// <summary>Whatever the text, the reader answers with a network or with located errors, and in time.</summary>
public class HostileTextTests
{
    [Fact]
    public void EveryTruncationIsRefused()
    {
        string text = DescriptorWriter.Write(Samples.Small);
        for (int length = 0; length < text.Length - 2; length++) Refused(text[..length]);
    }

    [Fact]
    public void RandomChangesNeverThrow()
    {
        for (ulong seed = 0; seed < 6000; seed++)
        {
            var random = new SplitMix(seed);
            var text = new StringBuilder(DescriptorWriter.Write(seed % 3 == 0 ? RandomGraphs.Draw(seed % 30) : Samples.Small));
            for (int changes = 1 + random.Below(3); changes > 0; changes--) Mutate(text, random);
            Outcome<NetworkGraph> outcome = DescriptorReader.Read(text.ToString());
            if (outcome.Value is null) Assert.All(outcome.Diagnostics, d => Assert.True(d.Location.Line > 0 && d.Location.Column > 0, $"seed {seed}: {d}"));
            Assert.Equal(outcome.Value is null, outcome.Diagnostics.Count > 0);
            Assert.All(outcome.Diagnostics, d => Assert.DoesNotContain('\n', d.ToString()));
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("{}")]
    [InlineData("{} {}")]
    [InlineData("\0")]
    [InlineData("{\"bloom\":1,\"name\":\"\\ud800\"}")]
    [InlineData("{\"bloom\":99999999999999999999999999}")]
    [InlineData("// only a comment")]
    public void OddTextsAreRefused(string text) => Refused(text);

    [Fact]
    public void HalfACharacterIsRefusedOrReplaced() => Refused("{\"bloom\": 1, \"\uD800\": 2}");

    [Fact]
    public void DeepNestingIsRefused()
    {
        Refused(new string('[', 1000000));
        Refused(string.Concat(Enumerable.Repeat("{\"a\":", 100000)));
    }

    [Fact]
    public void AFileOfUnknownNamesIsRefusedInTime()
    {
        // Suggestions are looked for only as long as messages are shown.
        string nodes = string.Join(",\n", Enumerable.Range(0, 16000).Select(i => $$"""{"name":"a_rather_long_name_of_a_node_{{i}}","op":"PRelu","inputs":["another_long_name_{{i}}"],"slope":"weight_{{i}}"}"""));
        Outcome<NetworkGraph> outcome = DescriptorReader.Read($$"""{"bloom":1,"name":"x","inputs":[],"outputs":[],"weights":[],"nodes":[{{nodes}}]}""");
        Assert.InRange(outcome.Diagnostics.Count, DescriptorLimits.Diagnostics, DescriptorLimits.Diagnostics + 1);
    }

    [Fact]
    public void SizesThatOverflowAreRefused()
    {
        string nodes = string.Join(",\n", Enumerable.Range(0, 12).Select(i => $$"""{"name":"n{{i}}","op":"ResizeNearest","inputs":["{{(i == 0 ? "x" : $"n{i - 1}")}}"],"factor":64}"""));
        Outcome<NetworkGraph> outcome = DescriptorReader.Read($$"""{"bloom":1,"name":"x","inputs":[{"name":"x","channels":1,"height":"height","width":9}],"outputs":[{"name":"y","tensor":"n11"}],"weights":[],"nodes":[{{nodes}}]}""");
        Assert.Equal("BLOOM011", Assert.Single(outcome.Diagnostics).Id);
    }

    private static void Refused(string text)
    {
        Outcome<NetworkGraph> outcome = DescriptorReader.Read(text);
        Assert.Null(outcome.Value);
        Assert.NotEmpty(outcome.Diagnostics);
        Assert.All(outcome.Diagnostics, d => Assert.True(d.IsError && d.Location.Line > 0 && d.Location.Column > 0, d.ToString()));
    }

    private static void Mutate(StringBuilder text, SplitMix random)
    {
        int at = random.Below(text.Length);
        switch (random.Below(6))
        {
            case 0: text.Remove(at, Math.Min(1 + random.Below(8), text.Length - at)); break;
            case 1: text.Insert(at, random.Pick("\"", "{", "}", "[", "]", ",", ":", "null", "-1", "1e99", "\\u0000", "\uD83D", "\r", "//", "/*")); break;
            case 2: text[at] = (char)random.Below(128); break;
            case 3: text[at] = (char)random.Below(65536); break;
            case 4: text.Insert(at, text.ToString(at, Math.Min(random.Below(60), text.Length - at))); break;
            default: text.Replace(random.Pick("Add", "input", "3", "1", "conv", "name"), random.Pick("Sign", "sum", "0", "65536", "4294967297", "op")); break;
        }
    }
}
