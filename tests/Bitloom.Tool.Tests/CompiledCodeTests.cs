using System.Text.Json;
using Bitloom.Runtime;

namespace Bitloom.Tool.Tests;

/// <summary>The verbs over emitted code, as users run them.</summary>
public sealed class CompiledCodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public CompiledCodeTests() => _model = _folder.Write("tiny.bloom", TestNetworks.Upscaler());

    public static TheoryData<string, string> WidthsAndThreads
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (VectorWidth width in new[] { VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512 })
                foreach (string threads in new[] { "1", "2" })
                    if (VectorWidths.IsAccelerated(width)) cases.Add(((int)width).ToString(System.Globalization.CultureInfo.InvariantCulture), threads);
            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(WidthsAndThreads))]
    public void Emitted_code_agrees_with_the_interpreter(string width, string threads)
    {
        ToolRun run = ToolRun.Compiled("verify", _model, "--size", "13x19", "--width", width, "--threads", threads, "--tolerance", "1e-5");
        run.AssertSucceeded();
        Assert.StartsWith("output: max ", run.LastLine, StringComparison.Ordinal);
        ToolRun layers = ToolRun.Compiled("verify", _model, "--layers", "--size", "13x19", "--width", width, "--threads", threads);
        layers.AssertSucceeded();
        Assert.Equal("1 layers exact over 988 sums", layers.LastLine);
    }

    [Fact]
    public void A_session_is_measured()
    {
        ToolRun run = ToolRun.Compiled("bench", _model, "--size", "13x19", "--runs", "5", "--json");
        run.AssertSucceeded();
        JsonElement line = JsonDocument.Parse(run.LastLine).RootElement;
        Assert.True(line.GetProperty("arena_bytes").GetInt64() > 0);
        Assert.True(line.GetProperty("weight_bytes").GetInt64() > 0);
        Assert.Contains(line.GetProperty("width").GetInt32(), new[] { 128, 256, 512 });
    }
}
