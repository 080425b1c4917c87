using System.Runtime.CompilerServices;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Xunit;

namespace Bitloom.Compiler.Tests.Graph;

/// <summary>Receptive fields worked out by hand; that they suffice for random networks is a law of the parity tests.</summary>
public class ReceptiveFieldTests
{
    [Fact]
    public void TheZoosUpscalerSees19Rows()
    {
        // conv_first, 16 body units and the up-sampling unit: 18. conv_hr and conv_last reach 2 rows at twice the size: 1 more.
        NetworkGraph graph = DescriptorReader.Read(File.ReadAllText(ModelPath)).Value!;
        Assert.Equal(new ReceptiveField(19, 19, 19, 19, 1, 1), ReceptiveField.Of(graph));
    }

    [Fact]
    public void ElementwiseNetworksSeeThePixelItself() =>
        Assert.Equal(new ReceptiveField(0, 0, 0, 0, 1, 1), ReceptiveField.Of(Chain(new Relu(), new Scale(2), new Sign())));

    [Theory]
    [InlineData(3, 1, 1, 1, 1, 1, 1, 1)] // kernel, stride, pad before, pad after, dilation; above, below, step
    [InlineData(5, 1, 2, 2, 1, 2, 2, 1)]
    [InlineData(3, 1, 2, 2, 2, 2, 2, 1)]
    [InlineData(3, 1, 0, 0, 1, 0, 2, 1)]
    [InlineData(3, 1, 2, 0, 1, 2, 0, 1)]
    [InlineData(3, 2, 1, 1, 1, 2, 0, 2)]
    [InlineData(2, 2, 0, 0, 1, 0, 0, 2)]
    public void AConvolutionSeesItsWindow(int kernel, int stride, int padTop, int padBottom, int dilation, int above, int below, int step)
    {
        var vertical = new Conv2d(Weights(kernel, 1), null, new Window(StrideY: stride, PadTop: padTop, PadBottom: padBottom, DilationY: dilation));
        var horizontal = new Conv2d(Weights(1, kernel), null, new Window(StrideX: stride, PadLeft: padTop, PadRight: padBottom, DilationX: dilation));
        Assert.Equal(new ReceptiveField(above, below, 0, 0, step, 1), ReceptiveField.Of(Chain(vertical)));
        Assert.Equal(new ReceptiveField(0, 0, above, below, 1, step), ReceptiveField.Of(Chain(horizontal)));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    public void BilinearSeesOneNeighbour(int factor, int neighbours) =>
        Assert.Equal(new ReceptiveField(neighbours, neighbours, neighbours, neighbours, 1, 1), ReceptiveField.Of(Chain(new ResizeBilinear(factor))));

    [Fact]
    public void WindowsAfterUpSamplingCountAtTheirOwnScale()
    {
        // Six rows at three times the size are two rows of the input.
        Operator[] convs = [.. Enumerable.Repeat(new Conv2d(Weights(3, 3), null, Window.Padded(1)), 6)];
        Assert.Equal(new ReceptiveField(2, 2, 2, 2, 1, 1), ReceptiveField.Of(Chain([new ResizeNearest(3), .. convs])));
    }

    [Fact]
    public void ASkipDoesNotNarrowWhatTheOtherBranchSees()
    {
        NetworkGraph chain = Chain(new Conv2d(Weights(5, 5), null, Window.Padded(2)));
        NetworkGraph graph = chain with
        {
            Nodes = [.. chain.Nodes, new Node("sum", new Add(), ["node0", "input"], SourceLocation.None)],
            Outputs = [new GraphOutput("output", "sum", SourceLocation.None)],
        };
        Assert.Equal(new ReceptiveField(2, 2, 2, 2, 1, 1), ReceptiveField.Of(graph));
    }

    [Fact]
    public void StridesBeyondAnyNumberAreTheLargestNumber()
    {
        Operator[] convs = [.. Enumerable.Repeat(new Conv2d(Weights(3, 3), null, new Window(100, 100, 1, 1, 1, 1)), 20)];
        Assert.Equal(new ReceptiveField(int.MaxValue, 0, int.MaxValue, 0, int.MaxValue, int.MaxValue), ReceptiveField.Of(Chain(convs)));
    }

    private static string ModelPath => Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "models", "bbcu-s-x2", "bbcu-s-x2.bloom");

    private static FloatTensor Weights(int height, int width) => new("weights", [1, 1, height, width], new float[height * width].ToEquatableArray());

    private static NetworkGraph Chain(params Operator[] operators)
    {
        IEnumerable<Node> nodes = operators.Select((o, i) => new Node(Name(i), o, [i == 0 ? "input" : Name(i - 1)], SourceLocation.None));
        return new NetworkGraph(
            "chain", "", [new GraphInput("input", new TensorShape(1, Extent.Symbol("height"), Extent.Symbol("width")), SourceLocation.None)],
            nodes.ToEquatableArray(), [new GraphOutput("output", Name(operators.Length - 1), SourceLocation.None)]);
    }

    private static string Name(int index) => FormattableString.Invariant($"node{index}");

    private static string Here([CallerFilePath] string path = "") => path;
}
