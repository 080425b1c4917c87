using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Parity.Tests.Harness;
using Bitloom.ReferenceInterpreter;
using Xunit.Abstractions;

namespace Bitloom.Parity.Tests.GoldenTests;

/// <summary>
/// A trained network of full depth against PyTorch. Its signs were not chosen to stay away from 0, so a few may flip; the test
/// says how many and how near to 0 they were, and bounds the mean difference.
/// </summary>
public sealed class SharedReferenceTests(ITestOutputHelper log)
{
    private const string Trained = "bbcu_s_x2_trained";

    // Outputs lie in 0..1: a tenth of an 8-bit step.
    private const double MeanTolerance = 0.1 / 255;

    // Rounding moves a sign's input by about 1e-6 of its spread a layer.
    private const double FirstFlipMargin = 1e-4;

    [SharedFact]
    public void Interpreter_agrees_with_PyTorch_on_a_trained_network()
    {
        (NetworkCase network, Tensor output) = Read();
        Check(Difference.Between("interpreter", output, network.Interpret()["output"]));
    }

    [SharedFact]
    public void Compiled_code_agrees_with_PyTorch_on_a_trained_network()
    {
        (NetworkCase network, Tensor output) = Read();
        using CompiledModel model = CompiledModel.Compile(network.Graph);
        foreach (Bitloom.Runtime.VectorWidth width in CompiledModel.Widths)
            Check(Difference.Between(width.ToString(), output, model.Run(network, threads: 2, width)["output"]));
    }

    /// <summary>Compares what goes into every sign, so that the first layer that differs is named.</summary>
    [SharedFact]
    public void Signs_that_flip_were_within_rounding_of_zero()
    {
        (NetworkCase network, _) = Read();
        string[] watched = [.. network.Graph.Nodes.Where(n => n.Operator is Sign).Select(n => n.Inputs[0])];
        NetworkCase exposed = network with { Graph = network.Graph.Expose(watched) };
        using CompiledModel model = CompiledModel.Compile(exposed.Graph);
        IReadOnlyDictionary<string, Tensor> expected = exposed.Interpret(), actual = model.Run(exposed);
        double furthest = 0;
        foreach (string tensor in watched)
        {
            (int flips, double margin) = Flips(expected[tensor], actual[tensor]);
            if (flips == 0) continue;
            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tensor}: {flips} of {expected[tensor].Values.Length} signs flip, at most {margin:g3} of the spread away from 0"));
            if (furthest == 0) furthest = margin;
        }

        // Only the first layer that flips is judged: behind it the engines compute from different signs.
        Assert.True(furthest < FirstFlipMargin, $"the first signs that flip are {furthest:g3} of the spread away from 0");
    }

    private static (int Count, double Margin) Flips(Tensor expected, Tensor actual)
    {
        double spread = Difference.SpreadOf(expected);
        float[] flipped = [.. expected.Values.Zip(actual.Values).Where(p => p.First >= 0 != p.Second >= 0).Select(p => Math.Abs(p.First))];
        return (flipped.Length, flipped.Length == 0 ? 0 : flipped.Max() / spread);
    }

    private static (NetworkCase Network, Tensor Output) Read()
    {
        string folder = Path.Combine(SharedReference.Folder!, Trained);
        GoldenFile weights = GoldenFile.Read(Path.Combine(folder, "weights.safetensors")), values = GoldenFile.Read(Path.Combine(folder, "io.safetensors"));
        NetworkGraph graph = BbcuGraphs.SuperResolution(Trained, weights, 2, binaryUpsampling: true);
        return (new NetworkCase(Trained, graph, new Dictionary<string, Tensor> { ["input"] = values.Image("input") }), values.Image("output"));
    }

    private void Check(Difference difference)
    {
        log.WriteLine(difference.ToString());
        Assert.True(difference.Mean <= MeanTolerance, difference.ToString());
    }
}
