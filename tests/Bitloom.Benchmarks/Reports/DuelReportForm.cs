namespace Bitloom.Benchmarks.Reports;

/// <summary>What a results file of duels says besides its tables.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Notes">How to read it.</param>
internal sealed record DuelReportForm(string Heading, string Notes)
{
    private const string Turns = """
        Times are milliseconds. Both sides take turns in one run: ours, the peer, ours, the peer; a turn is one run that is not timed and
        then timed ones, with inputs and outputs allocated before. The ratio is the median over the rounds of the peer's median in a turn
        to ours in the turn before it. The peer runs with all graph optimizations and as many threads as ours; its process is stopped
        while it is not its turn.
        """;

    /// <summary>Whole networks, and layers of restoration networks.</summary>
    internal static DuelReportForm Networks { get; } = new("Bitloom and ONNX Runtime, measured in turn", Turns + """


        A layer of ours is measured as the difference of 17 such layers in a row and 1, divided by 16, so that it does not contain loading
        and storing dense images. The peer's convolution (3x3, 64 to 64) is measured alone, dense tensor in and out, and, in a chain, by
        the same difference as ours. A binary layer is threshold, sign, packing, 3x3 binary convolution, scale, RPReLU and residual; the
        peer's is the convolution with its bias alone.
        """);

    /// <summary>Single layers of classifiers.</summary>
    internal static DuelReportForm Layers { get; } = new("Single layers of classifiers, Bitloom and ONNX Runtime measured in turn", Turns + """


        A layer is a convolution or linear layer with its bias and the activation that follows it in the network, or a pooling, by itself:
        both sides read and write dense tensors of fixed size, so that each also pays for its own layout once in and once out.
        """);
}
