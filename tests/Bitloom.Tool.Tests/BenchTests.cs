using System.Text.Json;

namespace Bitloom.Tool.Tests;

public sealed class BenchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Json_is_one_line_with_all_that_scripts_read()
    {
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());
        ToolRun run = ToolRun.Of("bench", model, "--size", "6x8", "--threads", "2", "--runs", "3", "--width", "128", "--json");
        run.AssertSucceeded();
        JsonElement line = JsonDocument.Parse(Assert.Single(run.Lines)).RootElement;
        Assert.Equal("tiny-x2", line.GetProperty("model").GetString());
        Assert.Equal("6x8", line.GetProperty("size").GetString());
        Assert.Equal(2, line.GetProperty("threads").GetInt32());
        Assert.Equal(128, line.GetProperty("width").GetInt32());
        Assert.Equal(3, line.GetProperty("runs").GetInt32());
        Assert.InRange(line.GetProperty("best_ms").GetDouble(), 0, line.GetProperty("median_ms").GetDouble());

        // 48 pixels: 4 x 27 and 12 x 36 fp32 multiply-accumulates, 4 x 36 binary ones.
        Assert.Equal(48 * (108 + 432 + 144), line.GetProperty("macs").GetInt64());
        Assert.Equal(48 * 144, line.GetProperty("binary_macs").GetInt64());
        Assert.Equal(1024, line.GetProperty("arena_bytes").GetInt64());
        Assert.Equal(64, line.GetProperty("weight_bytes").GetInt64());
        Assert.True(line.GetProperty("allocated_bytes_per_run").GetInt64() >= 0);
    }

    [Fact]
    public void The_table_names_its_rows()
    {
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());
        ToolRun run = ToolRun.Of("bench", model, "--size", "6x8", "--runs", "1");
        run.AssertSucceeded();
        foreach (string row in new[] { "network", "input size", "threads", "vector width", "best", "median", "work", "arena", "weights", "allocated" })
            Assert.Contains(run.Lines, l => l.StartsWith(row, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--runs", "0")]
    [InlineData("--runs", "1000000")]
    [InlineData("--threads", "-1")]
    [InlineData("--width", "1024")]
    public void Numbers_out_of_range_are_refused(string option, string value)
    {
        string model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());
        ToolRun.Of("bench", model, option, value).AssertRefused($"{option}: ", value);
    }
}
