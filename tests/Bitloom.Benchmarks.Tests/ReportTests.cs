using Bitloom.Benchmarks.Kernels;
using Bitloom.Benchmarks.Reports;

namespace Bitloom.Benchmarks.Tests;

public sealed class ReportTests
{
    private const string Results = "# Heading\n\nA machine.\n\n| a |\n| --- |\n";

    [Fact]
    public void Table_aligns_numbers_and_keeps_bars_inside_cells()
    {
        var table = new MarkdownTable(1, "name", "time");
        table.Add("a|b", "1.00");
        Assert.Equal("| name | time |\n| --- | ---: |\n| a\\|b | 1.00 |\n", table.ToString());
        Assert.Throws<ArgumentException>(() => table.Add("one"));
    }

    [Theory]
    [InlineData(0.12345, "0.123")]
    [InlineData(0.9996, "1.00")]
    [InlineData(9.994, "9.99")]
    [InlineData(9.996, "10.0")]
    [InlineData(99.96, "100")]
    [InlineData(1234.4, "1234")]
    public void Figures_have_three_digits(double value, string text) => Assert.Equal(text, Figure.Time(value));

    [Fact]
    public void Machine_is_described_by_what_its_times_depend_on()
    {
        const string CpuInfo = "processor\t: 0\nmodel name\t: Fast 9000\nflags\t\t: fpu avx2 fma avx512f\n\nprocessor\t: 1\nmodel name\t: Fast 9000\n";
        Assert.Equal("Fast 9000, 2 logical cores, avx2 fma avx512f", MachineDescription.Describe(CpuInfo, "X64", 2));
        Assert.Equal("Arm64 processor, 1 logical core", MachineDescription.Describe("", "Arm64", 1));
    }

    [Fact]
    public void Readme_gets_the_results_between_its_markers_and_stays_as_it_is_the_second_time()
    {
        const string Readme = "# Name\n\n<!-- results: peers -->\nold\n<!-- end -->\n\nText.\n";
        string updated = ReadmeTables.Update(Readme, name => name == "peers" ? Results : null);
        Assert.Equal("# Name\n\n<!-- results: peers -->\n\nA machine.\n\n| a |\n| --- |\n\n<!-- end -->\n\nText.\n", updated);
        Assert.Equal(updated, ReadmeTables.Update(updated, _ => Results));
    }

    [Theory]
    [InlineData("# Name\n")]
    [InlineData("<!-- results: peers -->\n")]
    [InlineData("<!-- results: unknown -->\n<!-- end -->\n")]
    public void Readme_without_proper_markers_is_refused(string readme) =>
        Assert.Throws<FormatException>(() => ReadmeTables.Update(readme, name => name == "peers" ? Results : null));

    [Fact]
    public void Layers_of_kernels_are_differences_over_sixteen()
    {
        KernelTime Of(int layers, double median) => new(nameof(BinaryLayer), nameof(BinaryLayer.Run), 64, layers, 512, median - 1, median, 0);
        string text = new KernelReport([Of(1, 2), Of(17, 18)], 150).Compose();
        Assert.Contains("| binary 64 to 64, 3x3 | 512 | 1.00 | 1.00 | 604 | 0 |\n", text, StringComparison.Ordinal);
        Assert.Contains("| generator, the first in a process | 150 |  |  |\n", text, StringComparison.Ordinal);
    }
}
