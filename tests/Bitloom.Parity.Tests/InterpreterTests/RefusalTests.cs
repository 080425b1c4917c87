using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.InterpreterTests;

/// <summary>Inputs that do not fit are refused with names and sizes.</summary>
public sealed class RefusalTests
{
    private static readonly NetworkGraph FreeSize = new(
        "free",
        "",
        [new GraphInput("a", Shape("height"), SourceLocation.None), new GraphInput("b", Shape("height"), SourceLocation.None)],
        [new Node("sum", new Add(), ["a", "b"], SourceLocation.None)],
        [new GraphOutput("sum", "sum", SourceLocation.None)]);

    [Fact]
    public void Missing_input_is_named() => AssertRefused("Input 'b' of 'free' is not given: it reads 'a', 'b'.", ("a", Tensor.Zeros(1, 2, 2)));

    [Fact]
    public void Unknown_input_is_named() =>
        AssertRefused("has no input 'c': it reads 'a', 'b'.", ("a", Tensor.Zeros(1, 2, 2)), ("b", Tensor.Zeros(1, 2, 2)), ("c", Tensor.Zeros(1, 2, 2)));

    [Fact]
    public void Wrong_channel_count_is_told() =>
        AssertRefused("Input 'a' of 'free' is 2 x 2 x 2, expected 1 x 2 x 2", ("a", Tensor.Zeros(2, 2, 2)), ("b", Tensor.Zeros(1, 2, 2)));

    [Fact]
    public void Inputs_that_share_a_free_size_must_agree() =>
        AssertRefused("Input 'b' of 'free' is 1 x 3 x 2, expected 1 x 2 x 2", ("a", Tensor.Zeros(1, 2, 2)), ("b", Tensor.Zeros(1, 3, 2)));

    [Fact]
    public void Image_smaller_than_the_kernel_is_refused()
    {
        var op = new BinaryConv2d(BitTensor.FromSigns("w", [1, 1, 3, 3], new float[9]), new Window());
        Assert.Contains("give a larger image", Assert.Throws<ArgumentException>(() => SingleOperator.Run(op, new Tensor(1, 1, 1, [1]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensor_checks_its_number_of_values() =>
        Assert.Contains("5 values do not fill a tensor of 1 x 2 x 3", Assert.Throws<ArgumentException>(() => new Tensor(1, 2, 3, new float[5])).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_intermediate_tensor_can_be_had()
    {
        Tensor x = Tensor.Zeros(1, 1, 1);
        Assert.Equal(["a", "b", "sum"], Interpreter.RunAll(FreeSize, new Dictionary<string, Tensor> { ["a"] = x, ["b"] = x }).Keys.Order());
    }

    private static TensorShape Shape(string height) => new(1, Extent.Symbol(height), Extent.Symbol("width"));

    private static void AssertRefused(string message, params (string Name, Tensor Value)[] inputs) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Interpreter.Run(FreeSize, inputs.ToDictionary(i => i.Name, i => i.Value))).Message, StringComparison.Ordinal);
}
