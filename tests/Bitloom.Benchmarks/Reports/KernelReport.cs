using Bitloom.Benchmarks.Kernels;

namespace Bitloom.Benchmarks.Reports;

/// <summary>What BenchmarkDotNet found for one benchmark.</summary>
/// <param name="Type">Name of the class.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Channels">Channels of a binary layer; 64 for others.</param>
/// <param name="Layers">Layers of the network; 1 where that is no parameter.</param>
/// <param name="Width">Bits of the vectors; 0 where that is no parameter.</param>
/// <param name="Best">Least time in milliseconds.</param>
/// <param name="Median">Median in milliseconds.</param>
/// <param name="AllocatedBytes">Managed bytes allocated by one operation.</param>
/// <param name="Shape">Index of a layer of BiSRNet; 0 for others.</param>
internal sealed record KernelTime(string Type, string Method, int Channels, int Layers, int Width, double Best, double Median, long AllocatedBytes, int Shape = 0);

/// <summary>Writes <c>results/kernels.md</c>: always the same rows in the same order, for those benchmarks that ran.</summary>
internal sealed class KernelReport(IReadOnlyList<KernelTime> times, double firstCompilation)
{
    private const int Pixels = 128 * 128;

    private const string Notes = """
        Times are milliseconds, one thread. A layer is measured as the difference of 17 such layers in a row and 1, divided by 16, so that
        it does not contain loading and storing dense images; head and tail contain both. A binary layer is threshold, sign, packing,
        binary convolution, scale, RPReLU and residual; of BiSRNet's (28 x 256 x 256) 9 and 1 are compared. Generator: a full-sized BBCU-M x2 from descriptor text to C#, which must take less
        than a second; the first in a process includes the JIT, as in a build.
        """;

    /// <summary>Milliseconds that the generator takes, the JIT apart; null where that was not measured.</summary>
    internal double? GeneratorMedian => Find(nameof(GeneratorTime), nameof(GeneratorTime.Compile)).FirstOrDefault()?.Median;

    internal string Compose() =>
        ResultsFile.Compose("Kernels and generator", ["BenchmarkDotNet"], [Layers().ToString(), SpectralLayers().ToString(), Others().ToString(), Notes]);

    private MarkdownTable Layers()
    {
        var table = new MarkdownTable(1, "layer at 128 x 128", "vector bits", "best", "median", "GMAC/s", "bytes allocated a run");
        AddLayer(table, "binary 64 to 64, 3x3", nameof(BinaryLayer), 64);
        AddLayer(table, "binary 32 to 32, 3x3", nameof(BinaryLayer), 32);
        AddLayer(table, "fp32 64 to 64, 3x3", nameof(ConvLayer), 64);
        return table;
    }

    private void AddLayer(MarkdownTable table, string name, string type, int channels)
    {
        foreach (var width in times.Where(t => t.Type == type && t.Channels == channels).GroupBy(t => t.Width).OrderByDescending(g => g.Key))
        {
            KernelTime few = width.MinBy(t => t.Layers)!, many = width.MaxBy(t => t.Layers)!;
            if (few.Layers == many.Layers) continue;
            int layers = many.Layers - few.Layers;
            double best = (many.Best - few.Best) / layers, median = (many.Median - few.Median) / layers;
            double macs = 9.0 * channels * channels * Pixels;
            table.Add(name, FormattableString.Invariant($"{width.Key}"), Figure.Time(best), Figure.Time(median), Figure.Time(macs / median / 1e6), Bytes(many));
        }
    }

    private MarkdownTable SpectralLayers()
    {
        var table = new MarkdownTable(1, "binary layer of BiSRNet", "vector bits", "best", "median", "ns an output of 512 pixels");
        foreach (var group in times.Where(t => t.Type == nameof(SpectralLayer)).GroupBy(t => (t.Shape, t.Width)).OrderBy(g => g.Key.Shape).ThenByDescending(g => g.Key.Width))
        {
            KernelTime few = group.MinBy(t => t.Layers)!, many = group.MaxBy(t => t.Layers)!;
            if (few.Layers == many.Layers) continue;
            int layers = many.Layers - few.Layers;
            double best = (many.Best - few.Best) / layers, median = (many.Median - few.Median) / layers;
            SpectralShape shape = SpectralShape.All[group.Key.Shape];
            table.Add(shape.ToString(), FormattableString.Invariant($"{group.Key.Width}"), Figure.Time(best), Figure.Time(median), Figure.Time(median * 1e6 / shape.Outputs));
        }

        return table;
    }

    private MarkdownTable Others()
    {
        var table = new MarkdownTable(1, "whole", "best", "median", "bytes allocated");
        AddWhole(table, "head, fp32 3 to 64, 3x3, 128 x 128", nameof(EndConv), nameof(EndConv.Head));
        AddWhole(table, "tail, fp32 64 to 3, 3x3, 128 x 128", nameof(EndConv), nameof(EndConv.Tail));
        AddWhole(table, "generator: parsing the descriptor alone", nameof(GeneratorTime), nameof(GeneratorTime.ParseOnly));
        AddWhole(table, "generator", nameof(GeneratorTime), nameof(GeneratorTime.Compile));
        table.Add("generator, the first in a process", Figure.Time(firstCompilation), "", "");
        return table;
    }

    private void AddWhole(MarkdownTable table, string name, string type, string method)
    {
        foreach (KernelTime time in Find(type, method)) table.Add(name, Figure.Time(time.Best), Figure.Time(time.Median), Bytes(time));
    }

    private IEnumerable<KernelTime> Find(string type, string method) => times.Where(t => t.Type == type && t.Method == method);

    private static string Bytes(KernelTime time) => FormattableString.Invariant($"{time.AllocatedBytes}");
}
