using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.Laws;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.GoldenTests;

/// <summary>Tiny networks and single operators against PyTorch. No sign in them is near 0, so every engine takes the same signs.</summary>
public sealed class RepositoryGoldenTests
{
    // PyTorch sums in fp32, in an order of its own.
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Names => [.. GoldenCases.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Interpreter_agrees_with_PyTorch(string name)
    {
        (NetworkCase network, Tensor output) = GoldenCases.Read(name);
        Difference difference = Difference.Between("output", output, network.Interpret()["output"]);
        Assert.True(difference.Max <= Tolerance * difference.Spread, difference.ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Compiled_code_agrees_with_PyTorch(string name)
    {
        (NetworkCase network, Tensor output) = GoldenCases.Read(name);
        string? failure = AgreementTests.CheckEveryEngine(network, new Dictionary<string, Tensor> { ["output"] = output }, Tolerance);
        Assert.True(failure is null, failure);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_sign_is_near_zero(string name)
    {
        (NetworkCase network, _) = GoldenCases.Read(name);
        Assert.True(SignMargins.Least(network.Graph, Interpreter.RunAll(network.Graph, network.Inputs)) > 1e-4);
    }

    [Fact]
    public void Every_golden_has_a_network() =>
        Assert.Equal(Directory.GetDirectories(GoldenCases.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal), GoldenCases.Names.Order(StringComparer.Ordinal));
}
