using System.Text.RegularExpressions;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Xunit;

namespace Bitloom.Compiler.Tests.Descriptors;

public class RoundTripTests
{
    [Fact]
    public void ReadingWhatWasWrittenGivesTheSameNetwork()
    {
        for (ulong seed = 0; seed < 400; seed++)
        {
            NetworkGraph graph = RandomGraphs.Draw(seed);
            string text = DescriptorWriter.Write(graph);
            Outcome<NetworkGraph> read = DescriptorReader.Read(text);
            Assert.True(read.Succeeded, $"seed {seed}: {string.Join("\n", read.Diagnostics)}");
            Assert.True(graph == read.Value!.WithoutLocations(), $"seed {seed} differs");
            Assert.Equal(text, DescriptorWriter.Write(read.Value!));
        }
    }

    [Fact]
    public void RandomNetworksUseEveryOperator()
    {
        IEnumerable<string> used = Enumerable.Range(0, 400).SelectMany(s => RandomGraphs.Draw((ulong)s).Nodes).Select(n => n.Operator.Kind).Distinct();
        Assert.Equal(DescriptorOperators.All.Select(o => o.Kind).Order(), used.Order());
    }

    [Fact]
    public void FormattingPropertyOrderAndCommentsAreNotContent()
    {
        string text = DescriptorWriter.Write(Samples.Small);
        string loose = text.Replace("\n", "\r\n\t", StringComparison.Ordinal)
            .Replace("{ \"name\": \"sum\", \"op\": \"Add\"", "/* the skip */ { \"op\": \"Add\", // sum\n \"comment\": \"x\", \"name\": \"sum\"", StringComparison.Ordinal);
        Assert.Contains("the skip", loose, StringComparison.Ordinal);
        Outcome<NetworkGraph> read = DescriptorReader.Read("\uFEFF" + loose);
        Assert.Empty(read.Diagnostics);
        Assert.Equal(text, DescriptorWriter.Write(read.Value!));
    }

    [Fact]
    public void EscapedWeightDataIsRead()
    {
        // Tools that rewrite JSON may escape characters of base64, + above all.
        string text = DescriptorWriter.Write(Samples.Small), data = Regex.Match(text, "\"data\": \"([^\"]+)\"").Groups[1].Value;
        string escaped = text.Replace(data, string.Concat(data.Select(c => $"\\u{(int)c:X4}")), StringComparison.Ordinal);
        Assert.Contains("\\u00", escaped, StringComparison.Ordinal);
        Assert.Equal(text, DescriptorWriter.Write(DescriptorReader.Read(escaped).Value!));
    }

    [Fact]
    public void TheCultureOfTheMachineDoesNotMatter()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            string text = DescriptorWriter.Write(RandomGraphs.Draw(seed));
            Assert.Equal(text, OddCulture.Run(() => DescriptorWriter.Write(RandomGraphs.Draw(seed))));
            Assert.True(OddCulture.Run(() => DescriptorReader.Read(text)).Succeeded);
        }
    }

    [Fact]
    public void NumbersKeepEveryBit()
    {
        var random = new SplitMix(11);
        foreach (float value in Enumerable.Range(0, 20000).Select(_ => random.AnyFloat()).Append(-0f).Append(1f / 130).Append(16777216f).Append(float.MinValue))
        {
            string text = NumberText.Format(value);
            Assert.True(NumberText.TryParse(text, out float back), text);
            Assert.Equal(BitConverter.SingleToInt32Bits(value), BitConverter.SingleToInt32Bits(back));
            Assert.True(text.Count(char.IsAsciiDigit) <= 15, text);
        }
    }

    [Fact]
    public void WeightsKeepEveryBitIncludingNegativeZero()
    {
        var graph = Samples.Chain(new Affine(FloatTensor.Vector("w", -0f, float.Epsilon, 0f), null));
        FloatTensor weight = DescriptorReader.Read(DescriptorWriter.Write(graph)).Value!.Nodes[0].Operator.FloatWeights.Single();
        Assert.Equal([int.MinValue, 1, 0], weight.Values.Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void SharedWeightsAreStoredOnceAndStayShared()
    {
        FloatTensor slope = FloatTensor.Vector("slope", 1, 2, 3);
        var graph = Samples.Chain(new PRelu(slope), new PRelu(slope));
        string text = DescriptorWriter.Write(graph);
        Assert.Single(Regex.Matches(text, "\"data\""));
        EquatableArray<Node> nodes = DescriptorReader.Read(text).Value!.Nodes;
        Assert.Same(nodes[0].Operator.FloatWeights.Single(), nodes[1].Operator.FloatWeights.Single());
    }

    [Fact]
    public void GraphsWithoutAFormAreRefusedWithTheReason()
    {
        Refused("NaN", Samples.Chain(new Scale(float.NaN)));
        Refused("two different weights are called 'w'", Samples.Chain(new PRelu(FloatTensor.Vector("w", 1, 2, 3)), new PRelu(FloatTensor.Vector("w", 1, 2, 4))));
        Refused("does not hold as many values", Samples.Chain(new PRelu(new FloatTensor("w", [4], [1f]))));
        NetworkGraph computed = Samples.Small with { Inputs = [new GraphInput("input", new TensorShape(3, Extent.Symbol("height").Times(2), Extent.Constant(1)), SourceLocation.None)] };
        Refused("computed size", computed);

        static void Refused(string part, NetworkGraph graph) =>
            Assert.Contains(part, Assert.Throws<ArgumentException>(() => DescriptorWriter.Write(graph)).Message, StringComparison.Ordinal);
    }
}
