using System.Text.Json;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Architectures;

namespace Bitloom.Tool.Tests;

public sealed class ExplainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public ExplainTests() => _model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_last_line_is_the_totals()
    {
        ToolRun run = ToolRun.Of("explain", _model, "--size", "6x8");
        run.AssertSucceeded();
        Assert.Matches(@"^totals: 9 nodes, \d+ fused nodes, 6912 binary MACs, 25920 fp32 MACs, [1-9]\d* arena bytes, \d+ weight bytes$", run.LastLine);
    }

    [Fact]
    public void Ghosts_that_are_read_in_place_are_counted()
    {
        NetworkGraph graph = new Edsr(32, 2, 2, 1, new GhostLayers(0.5), new MeanShift()).Build("ghosts", "", new SyntheticWeights(2));
        ToolRun run = ToolRun.Of("explain", _folder.Write("ghosts.bloom", DescriptorWriter.Write(graph)), "--size", "6x8");
        run.AssertSucceeded();
        Assert.Matches(@" weight bytes, [1-9]\d* ghost bytes not moved$", run.LastLine);
        Assert.Contains(run.Lines, l => l.Contains("16 of 32 channels are ghosts, read at their offsets", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_node_and_a_reason_for_every_step_are_told()
    {
        ToolRun run = ToolRun.Of("explain", _model);
        run.AssertSucceeded();
        foreach (string node in new[] { "first", "signs", "binary", "scaled", "sum", "last", "shuffled", "nearest", "result" })
            Assert.Contains(run.Lines, l => l.StartsWith($"  {node} ", StringComparison.Ordinal));
        int steps = run.Lines.Count(l => System.Text.RegularExpressions.Regex.IsMatch(l, @"^  \d+\. "));
        Assert.Equal(steps, run.Lines.Count(l => l.StartsWith("     because ", StringComparison.Ordinal)));
        Assert.Contains(run.Lines, l => l.Contains("binary convolution 3x3", StringComparison.Ordinal));
    }

    [Fact]
    public void Json_is_one_line_with_the_same_totals()
    {
        ToolRun run = ToolRun.Of("explain", _model, "--size", "6x8", "--json");
        run.AssertSucceeded();
        JsonElement plan = JsonDocument.Parse(Assert.Single(run.Lines)).RootElement;
        Assert.Equal("tiny-x2", plan.GetProperty("network").GetString());
        Assert.Equal(9, plan.GetProperty("layers").GetArrayLength());
        JsonElement totals = plan.GetProperty("totals");
        Assert.Equal(9, totals.GetProperty("nodes").GetInt32());
        Assert.Equal(6912, totals.GetProperty("binary_macs").GetInt64());
        Assert.Equal(25920, totals.GetProperty("float_macs").GetInt64());
        Assert.Equal(totals.GetProperty("arena_bytes").GetInt64(), plan.GetProperty("buffers").EnumerateArray().Sum(b => b.GetProperty("bytes").GetInt64()));

        // 4 x 27 + 4 + 12 x 36 floats, 4 x 36 bits in whole bytes an output.
        Assert.Equal(((108 + 4 + 432) * 4) + (4 * 5), totals.GetProperty("weight_bytes").GetInt64());
    }
}
