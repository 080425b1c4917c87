using System.CommandLine;
using System.Globalization;
using Bitloom.Runtime;

namespace Bitloom.Tool;

/// <summary>Options that several verbs take, so that they read and mean the same everywhere.</summary>
internal static class SharedOptions
{
    private const int MostThreads = 256;

    /// <summary><c>--threads</c>: 1 unless given.</summary>
    internal static Option<string> Threads() => new("--threads")
    {
        Description = $"Threads that share the work, 1 to {MostThreads}. Results do not depend on it.",
        HelpName = "N",
        DefaultValueFactory = _ => "1",
    };

    /// <summary><c>--width</c>: the widest that the machine has unless given.</summary>
    internal static Option<string> Width() => new("--width")
    {
        Description = "Vector width in bits: 512, 256, 128, or best for the widest that this machine has.",
        HelpName = "BITS",
        DefaultValueFactory = _ => "best",
    };

    /// <summary><c>--white</c>: 1 unless given.</summary>
    internal static Option<string> White() => new("--white")
    {
        Description = "Value that stands for white in the network's input and output: 1 or 255.",
        HelpName = "VALUE",
        DefaultValueFactory = _ => "1",
    };

    /// <summary>Reads <c>--white</c>.</summary>
    /// <exception cref="BadInputException">It is neither 1 nor 255.</exception>
    internal static float ParseWhite(string text) => text switch
    {
        "1" => 1,
        "255" => 255,
        _ => throw new BadInputException("--white", $"'{text}' is not a value for white", "give 1 or 255"),
    };

    /// <summary>Reads <c>--threads</c>.</summary>
    /// <exception cref="BadInputException">It is not a number in range.</exception>
    internal static int ParseThreads(string text) => ParseNumber("--threads", text, 1, MostThreads);

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="BadInputException">It is not a number in range.</exception>
    internal static int ParseNumber(string option, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new BadInputException(option, $"'{text}' is not a whole number from {least} to {most}", "give one");

    /// <summary>Reads <c>--width</c>.</summary>
    /// <exception cref="BadInputException">It is not a width, or not one of this machine's.</exception>
    internal static VectorWidth ParseWidth(string text)
    {
        if (text == "best") return VectorWidth.Best;
        VectorWidth width = text switch
        {
            "512" => VectorWidth.Bits512,
            "256" => VectorWidth.Bits256,
            "128" => VectorWidth.Bits128,
            _ => throw new BadInputException("--width", $"'{text}' is not a vector width", "give 512, 256, 128 or best"),
        };
        if (!VectorWidths.IsAccelerated(width))
            throw new BadInputException("--width", $"this machine has no {text}-bit vectors", $"give {string.Join(" or ", AcceleratedWidths().Select(w => ((int)w).ToString(CultureInfo.InvariantCulture)))}");
        return width;
    }

    /// <summary>The widest vectors that this machine has.</summary>
    internal static VectorWidth WidestHere() => AcceleratedWidths().First();

    private static IEnumerable<VectorWidth> AcceleratedWidths() =>
        new[] { VectorWidth.Bits512, VectorWidth.Bits256, VectorWidth.Bits128 }.Where(VectorWidths.IsAccelerated);
}
