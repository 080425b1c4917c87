using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Xunit;

namespace Bitloom.Compiler.Tests.Descriptors;

/// <summary>
/// Every error names its rule, its place and a remedy. A case replaces one part of a valid descriptor; § in the replacement marks where
/// the error must be reported.
/// </summary>
public class DiagnosticTests
{
    private static readonly string Valid = DescriptorWriter.Write(Samples.Small);

    [Theory]
    [InlineData("\"name\": \"small\"", "\"name\": small", "BLOOM001", "correct the text here", 3, 11)]
    [InlineData("\"bloom\": 1", "\"bloom\": §2", "BLOOM003", "update Bitloom")]
    [InlineData("\"bloom\": 1", "\"bloom\": §\"1\"", "BLOOM002", "whole number from 1")]
    [InlineData("\"name\": \"small\"", "\"name\": §\"\"", "BLOOM002", "must be a name")]
    [InlineData("\"name\": \"small\"", "§\"nome\": 1, \"name\": \"small\"", "BLOOM002", "did you mean 'name'")]
    [InlineData("\"name\": \"small\"", "\"name\": \"small\", §\"name\": 1", "BLOOM002", "stands twice")]
    [InlineData("\"name\": \"small\"", "\"comment\": §1, \"name\": \"small\"", "BLOOM002", "must be a string")]
    [InlineData("\"description\": \"a sample\"", "\"description\": §[]", "BLOOM002", "must be a string, not an array")]
    [InlineData("\"channels\": 3", "\"channels\": §0", "BLOOM011", "from 1 to 65536, not 0", -1, -1, "input")]
    [InlineData("\"channels\": 3", "\"channels\": §2.5", "BLOOM002", "whole number", -1, -1, "input")]
    [InlineData("{ \"name\": \"input\", \"channels\": 3, ", "§{ \"name\": \"input\", ", "BLOOM002", "'channels' is missing", -1, -1, "input")]
    [InlineData("\"height\": \"height\"", "\"height\": §\"rows\"", "BLOOM002", "\"height\" or \"width\" for a free size", -1, -1, "input")]
    [InlineData("{ \"name\": \"output\", \"tensor\": \"sum\"", "§{ \"name\": \"output\", \"tensor\": \"sun\"", "BLOOM006", "did you mean 'sum'", -1, -1, "output")]
    [InlineData("\"op\": \"Add\"", "\"op\": §\"Ad\"", "BLOOM008", "did you mean 'Add'", -1, -1, "sum")]
    [InlineData("\"op\": \"Add\"", "\"op\": §\"LayerNormalization\"", "BLOOM008", "the operators are", -1, -1, "sum")]
    [InlineData("{ \"name\": \"sum\", \"op\": \"Add\", \"inputs\": [\"scale\", \"input\"]", "§{ \"name\": \"sum\", \"op\": \"Add\", \"inputs\": [\"scale\"]", "BLOOM002", "Add takes 2 inputs, but 1 are given", -1, -1, "sum")]
    [InlineData("\"inputs\": [\"scale\", \"input\"]", "\"inputs\": [\"scale\", §7]", "BLOOM002", "an input must be a name", -1, -1, "sum")]
    [InlineData("{ \"name\": \"sum\", \"op\": \"Add\", \"inputs\": [\"scale\", \"input\"]", "§{ \"name\": \"sum\", \"op\": \"Add\", \"inputs\": [\"scale\", \"inptu\"]", "BLOOM006", "no tensor 'inptu'; did you mean 'input'", -1, -1, "sum")]
    [InlineData("{ \"name\": \"scale\", \"op\": \"Affine\", \"inputs\": [\"conv\"]", "§{ \"name\": \"scale\", \"op\": \"Affine\", \"inputs\": [\"sum\"]", "BLOOM006", "'scale' and 'sum' read each other", -1, -1, "scale")]
    [InlineData("{ \"name\": \"scale\", \"op\": \"Affine\", \"inputs\": [\"conv\"]", "§{ \"name\": \"scale\", \"op\": \"Affine\", \"inputs\": [\"scale\"]", "BLOOM006", "reads itself", -1, -1, "scale")]
    [InlineData("{ \"name\": \"sum\", \"op\"", "§{ \"name\": \"conv\", \"op\": \"Relu\", \"inputs\": [\"input\"] }, { \"name\": \"sum\", \"op\"", "BLOOM007", "used twice", -1, -1, "conv")]
    [InlineData("\"weight\": \"conv.weight\"", "\"weight\": §\"conv.wight\"", "BLOOM006", "did you mean 'conv.weight'", -1, -1, "conv")]
    [InlineData("\"weight\": \"conv.weight\"", "\"weight\": §\"conv.scale\"", "BLOOM002", "needs a weight of type bits", -1, -1, "conv")]
    [InlineData("\"weight\": \"conv.weight\", \"pad\": 1", "\"weight\": \"conv.weight\", \"pad\": §[1, 1]", "BLOOM002", "array of 4 (top, left, bottom, right)", -1, -1, "conv")]
    [InlineData("\"pad\": 1", "\"pad\": §5000", "BLOOM011", "from 0 to 1024", -1, -1, "conv")]
    [InlineData("\"pad\": 1", "\"pad\": 1, §\"strides\": 1", "BLOOM002", "did you mean 'stride'", -1, -1, "conv")]
    [InlineData("\"scale\": \"conv.scale\" }", "§\"bios\": \"conv.scale\" }", "BLOOM002", "did you mean 'bias'", -1, -1, "scale")]
    [InlineData("{ \"name\": \"conv\", \"op\": \"BinaryConv2d\", \"inputs\": [\"sign\"], \"weight\": \"conv.weight\", \"pad\": 1", "§{ \"name\": \"conv\", \"op\": \"BinaryConv2d\", \"inputs\": [\"sign\"], \"weight\": \"conv.weight\", \"groups\": 2", "BLOOM009", "2 groups do not divide", -1, -1, "conv")]
    [InlineData("{ \"name\": \"conv\", \"op\": \"BinaryConv2d\", \"inputs\": [\"sign\"]", "§{ \"name\": \"conv\", \"op\": \"BinaryConv2d\", \"inputs\": [\"input\"]", "BLOOM010", "put a Sign between", -1, -1, "conv")]
    [InlineData("{ \"name\": \"sum\", \"op\": \"Add\", \"inputs\": [\"scale\", \"input\"]", "§{ \"name\": \"sum\", \"op\": \"Add\", \"inputs\": [\"scale\", \"sign\"]", "BLOOM010", "read the tensor before the Sign", -1, -1, "sum")]
    [InlineData("{ \"name\": \"output\", \"tensor\": \"sum\"", "§{ \"name\": \"output\", \"tensor\": \"sign\"", "BLOOM010", "exists only as bits", -1, -1, "output")]
    [InlineData("\"type\": \"bits\"", "\"type\": §\"bit\"", "BLOOM002", "\"bits\" or \"float32\"", -1, -1, "conv.weight")]
    [InlineData("\"shape\": [3, 3, 3, 3]", "\"shape\": §[3, 27]", "BLOOM005", "must hold 4 dimensions", -1, -1, "conv.weight")]
    public void AnErrorIsReportedWhereItIs(string good, string bad, string id, string part, int line = -1, int column = -1, string node = "")
    {
        Assert.Contains(good, Valid, StringComparison.Ordinal);
        string marked = Valid.Replace(good, bad, StringComparison.Ordinal);
        int at = marked.IndexOf('§');
        if (at >= 0) (line, column) = (marked[..at].Count(c => c == '\n') + 1, at - marked.LastIndexOf('\n', at));
        Outcome<NetworkGraph> outcome = DescriptorReader.Read(marked.Replace("§", "", StringComparison.Ordinal));
        Assert.Null(outcome.Value);
        BloomDiagnostic first = outcome.Diagnostics[0];
        Assert.Equal((id, line, column, node), (first.Id, first.Location.Line, first.Location.Column, first.Location.Node));
        Assert.Contains(part, first.Message, StringComparison.Ordinal);
        Assert.Single(outcome.Diagnostics);
    }

    [Fact]
    public void ANodeThatComesLaterIsSaidToBeMoved()
    {
        NetworkGraph graph = Samples.Small with { Nodes = [Samples.Small.Nodes[1], Samples.Small.Nodes[0], Samples.Small.Nodes[2], Samples.Small.Nodes[3]] };
        Expect("BLOOM006", "move 'sign' before 'conv'", DescriptorWriter.Write(graph));
    }

    [Fact]
    public void WeightDataIsCheckedBeforeItIsUsed()
    {
        string data = Data("conv.scale");
        Expect("BLOOM005", "has 15 characters, but float32 of 3 takes 16", Valid.Replace(data, data[1..], StringComparison.Ordinal));
        Expect("BLOOM005", "is not base64", Valid.Replace(data, "*" + data[1..], StringComparison.Ordinal));
        Expect("BLOOM005", "is not base64", Valid.Replace(data, data[..8] + "\\n" + data[9..], StringComparison.Ordinal));
        Expect("BLOOM005", "value 1 is NaN", Valid.Replace(data, Base64(0f, float.NaN, 1f), StringComparison.Ordinal));
        Expect("BLOOM005", "value 2 is infinite", Valid.Replace(data, Base64(0f, 1f, float.NegativeInfinity), StringComparison.Ordinal));
        Expect("BLOOM005", "output channel 1 are not 0", Valid.Replace(Data("conv.weight"), Convert.ToBase64String([0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]), StringComparison.Ordinal));
        Expect("BLOOM011", "larger than the 184 MiB", Valid.Replace("\"shape\": [3, 3, 3, 3]", "\"shape\": [65536, 65536, 65536, 65536]", StringComparison.Ordinal));
        Expect("BLOOM002", "no node uses the weight 'idle'", Valid.Replace("\"weights\": [", $"\"weights\": [ {{ \"name\": \"idle\", \"type\": \"float32\", \"shape\": [1], \"data\": \"{Base64(1f)}\" }},", StringComparison.Ordinal));
        Expect("BLOOM007", "two weights are called 'conv.scale'", Valid.Replace("{ \"name\": \"conv.weight\"", "{ \"name\": \"conv.scale\"", StringComparison.Ordinal), others: true);
    }

    [Fact]
    public void TheHashIsComparedLastAndTheRightOneGiven()
    {
        string hash = DescriptorHash.Compute(Samples.Small), line = $"  \"hash\": \"{hash}\",\n";
        BloomDiagnostic missing = Expect("BLOOM004", $"add \"hash\": \"{hash}\"", Valid.Replace(line, "", StringComparison.Ordinal));
        Assert.Equal((1, 1), (missing.Location.Line, missing.Location.Column));
        BloomDiagnostic wrong = Expect("BLOOM004", $"the content has '{hash}'", Valid.Replace(hash, "sha256:0", StringComparison.Ordinal));
        Assert.Equal((5, 11), (wrong.Location.Line, wrong.Location.Column));
        Expect("BLOOM004", "'sha256:4f47a20291b063b0", Valid.Replace("\"pad\": 1", "\"pad\": [1, 1, 1, 1], \"stride\": [2, 2]", StringComparison.Ordinal)
            .Replace("\"tensor\": \"sum\"", "\"tensor\": \"scale\"", StringComparison.Ordinal).Replace(",\n    { \"name\": \"sum\", \"op\": \"Add\", \"inputs\": [\"scale\", \"input\"] }", "", StringComparison.Ordinal));
    }

    [Fact]
    public void ColumnsCountUtf16UnitsAndLinesEndAsEditorsEndThem()
    {
        BloomDiagnostic error = DescriptorReader.Read("{ /* ü🙂\u2028 */\r\r\n\n \"ü🙂\": 1, \"bloom\": []}").Diagnostics[0];
        Assert.Equal((4, 21), (error.Location.Line, error.Location.Column));
    }

    [Fact]
    public void AllErrorsAreReportedAtOnceInTheOrderOfTheText()
    {
        string text = Valid.Replace("\"channels\": 3", "\"channels\": -3", StringComparison.Ordinal).Replace("\"op\": \"Sign\"", "\"op\": \"Sine\"", StringComparison.Ordinal)
            .Replace("\"weight\": \"conv.weight\"", "\"weight\": \"x\", \"dilation\": 0", StringComparison.Ordinal).Replace("\"tensor\": \"sum\"", "\"tensor\": \"none\"", StringComparison.Ordinal);
        Assert.Equal(["BLOOM011", "BLOOM006", "BLOOM008", "BLOOM006", "BLOOM011"], DescriptorReader.Read(text).Diagnostics.Select(d => d.Id));
    }

    [Fact]
    public void ShapesThatBecomeEmptyAreRefused()
    {
        string text = Valid.Replace("\"height\": \"height\"", "\"height\": 2", StringComparison.Ordinal).Replace("\"pad\": 1", "\"pad\": 0", StringComparison.Ordinal);
        Expect("BLOOM011", "the result has height 0", text);
    }

    [Fact]
    public void SuggestionsIgnoreCaseAndStopWhereNothingIsNear()
    {
        Assert.Equal("RPRelu", NearestName.Find("rprelu", ["PRelu", "RPRelu"]));
        Assert.Null(NearestName.Find("Softmax", ["PRelu", "RPRelu", "Conv2d"]));
        Assert.Null(NearestName.Find("", ["a"]));
        Assert.Null(NearestName.Find(new string('a', 65), [new string('a', 64)]));
    }

    private static BloomDiagnostic Expect(string id, string part, string text, bool others = false)
    {
        Outcome<NetworkGraph> outcome = DescriptorReader.Read(text);
        Assert.Null(outcome.Value);
        if (!others) Assert.Single(outcome.Diagnostics);
        BloomDiagnostic found = Assert.Single(outcome.Diagnostics, d => d.Id == id && d.Message.Contains(part, StringComparison.Ordinal));
        Assert.True(found.Location is { Line: > 0, Column: > 0 });
        return found;
    }

    private static string Data(string weight)
    {
        int start = Valid.IndexOf("\"data\": \"", Valid.IndexOf($"{{ \"name\": \"{weight}\", \"type\"", StringComparison.Ordinal), StringComparison.Ordinal) + 9;
        return Valid[start..Valid.IndexOf('"', start)];
    }

    private static string Base64(params float[] values)
    {
        var bytes = new byte[values.Length * 4];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return Convert.ToBase64String(bytes);
    }
}
