using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Bitloom.Runtime;

namespace Bitloom.Tool;

/// <summary>What <c>bitloom bench</c> prints, for machines and for people.</summary>
/// <param name="Model">Name of the network.</param>
/// <param name="Size">Height and width of its input.</param>
/// <param name="Session">The session that was timed.</param>
/// <param name="Timing">How long it took.</param>
/// <param name="BinaryMacs">Multiply-accumulates of binary convolutions in one run.</param>
/// <param name="FloatMacs">Multiply-accumulates of fp32 convolutions in one run.</param>
internal sealed record BenchReport(string Model, ImageSize Size, BloomSession Session, Timing Timing, long BinaryMacs, long FloatMacs)
{
    // Kernels inline what they need of the runtime, and nothing is inlined from a library that was built for debugging.
    private static bool IsOptimized =>
        typeof(BloomSession).Assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };

    /// <summary>One line of JSON.</summary>
    internal string ToJson() => JsonLine.Of(json =>
    {
        json.WriteString("model", Model);
        json.WriteString("size", Size.ToString());
        json.WriteNumber("threads", Session.Threads);
        json.WriteNumber("width", (int)Session.VectorWidth);
        json.WriteNumber("runs", Timing.Runs);
        json.WriteNumber("best_ms", Math.Round(Timing.BestMilliseconds, 4));
        json.WriteNumber("median_ms", Math.Round(Timing.MedianMilliseconds, 4));
        json.WriteNumber("macs", BinaryMacs + FloatMacs);
        json.WriteNumber("binary_macs", BinaryMacs);
        json.WriteNumber("float_macs", FloatMacs);
        json.WriteNumber("arena_bytes", Session.ArenaBytes);
        json.WriteNumber("weight_bytes", Session.WeightBytes);
        json.WriteNumber("allocated_bytes_per_run", Timing.AllocatedBytesPerRun);
        json.WriteBoolean("optimized", IsOptimized);
    });

    /// <summary>A table of two columns.</summary>
    internal string ToTable()
    {
        double rate = (BinaryMacs + FloatMacs) / Timing.BestMilliseconds / 1e6;
        (string Name, string Value)[] rows =
        [
            ("network", Model),
            ("input size", Size.ToString()),
            ("threads", Text($"{Session.Threads}")),
            ("vector width", Text($"{(int)Session.VectorWidth} bits")),
            ("best", Text($"{Timing.BestMilliseconds:0.000} ms")),
            ("median", Text($"{Timing.MedianMilliseconds:0.000} ms over {Timing.Runs} runs")),
            ("work", Text($"{BinaryMacs / 1e9:0.000} G binary MACs, {FloatMacs / 1e9:0.000} G fp32 MACs, {rate:0.0} G a second")),
            ("arena", Text($"{Session.ArenaBytes:N0} bytes")),
            ("weights", Text($"{Session.WeightBytes:N0} bytes")),
            ("allocated", Text($"{Timing.AllocatedBytesPerRun:N0} bytes a run")),
        ];
        if (!IsOptimized) rows = [.. rows, ("build", "Debug: the times mean nothing, build with -c Release")];
        int column = rows.Max(r => r.Name.Length) + 2;
        return string.Join(Environment.NewLine, rows.Select(r => r.Name.PadRight(column) + r.Value));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
