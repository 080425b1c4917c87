using Bitloom.Compiler.Graph;
using Bitloom.Training.Networks;
using Bitloom.Training.Parameters;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Gradients;

/// <summary>
/// A small network in training beside the reference interpreter. The loss is a random linear function of the outputs, so its gradient is
/// known; finite differences are the interpreter's, on the network frozen with one value moved.
/// </summary>
internal sealed class GradientCheck : IDisposable
{
    private const int Samples = 40;

    private readonly TrainingSettings _settings = new();
    private readonly NetworkGraph _graph;
    private readonly CounterRandom _random = new(3);
    private readonly int _images;

    internal GradientCheck(NetworkGraph graph, int height, int width, int images = 2, int threads = 1)
    {
        (_graph, _images) = (graph, images);
        Parameters = ParameterSet.Create([graph], _settings);
        Network = new TrainingNetwork(graph, Parameters, _settings, new TrainingShape(images, height, width, threads) { KeepsInputGradients = true });
        foreach (GraphInput input in graph.Inputs) Fill(Network.Input(input.Name));
        Fill(Network.OutputGradient);
    }

    internal ParameterSet Parameters { get; }

    internal TrainingNetwork Network { get; }

    public void Dispose()
    {
        Network.Dispose();
        Parameters.Dispose();
    }

    /// <summary>Outputs agree with the interpreter's on the frozen network.</summary>
    internal void CheckForward(float tolerance)
    {
        Network.Evaluate();
        float[] wanted = Interpret(Network.ToNetworkGraph());
        for (int i = 0; i < wanted.Length; i++) Assert.InRange(Network.Output[i] - wanted[i], -tolerance, tolerance);
    }

    /// <summary>All gradients agree with central differences.</summary>
    internal void CheckGradients(float tolerance = 2e-3f, float step = 1.0f / 64)
    {
        Parameters.Gradients.Clear();
        Network.Forward();
        Network.Backward();
        foreach (GraphInput input in _graph.Inputs) CheckRun(input.Name, () => Network.Input(input.Name), Network.InputGradient(input.Name).ToArray(), step, tolerance);
        foreach (Parameter parameter in Parameters.All.Where(p => p.IsTrained))
            CheckRun(parameter.Name, () => Parameters.ValuesOf(parameter), Parameters.GradientsOf(parameter.Name).ToArray(), step, tolerance);
    }

    private void CheckRun(string name, Func<Span<float>> values, float[] gradients, float step, float tolerance)
    {
        double size = Math.Max(1, gradients.Max(g => Math.Abs(g))), middle = Loss();
        int checkedOnes = 0;
        int[] chosen = [.. gradients.Length <= Samples ? Enumerable.Range(0, gradients.Length) : Enumerable.Range(0, Samples).Select(_ => _random.NextIndex(gradients.Length))];
        foreach (int i in chosen)
        {
            float value = values()[i];
            values()[i] = value + step;
            double above = Loss();
            values()[i] = value - step;
            double below = Loss();
            values()[i] = value;

            // Where a piecewise linear function bends between the two, there is no derivative to compare with.
            if (Math.Abs(above + below - (2 * middle)) > tolerance * size * step) continue;
            checkedOnes++;
            double wanted = (above - below) / (2 * step);
            Assert.True(Math.Abs(wanted - gradients[i]) <= tolerance * size, FormattableString.Invariant($"gradient {i} of '{name}' is {gradients[i]}, by differences {wanted}"));
        }

        Assert.True(checkedOnes * 10 >= chosen.Length * 6, $"only {checkedOnes} of {chosen.Length} gradients of '{name}' could be checked");
    }

    private double Loss()
    {
        float[] outputs = Interpret(Network.ToNetworkGraph());
        double loss = 0;
        for (int i = 0; i < outputs.Length; i++) loss += (double)outputs[i] * Network.OutputGradient[i];
        return loss;
    }

    private float[] Interpret(NetworkGraph graph) => TestNetworks.Interpret(graph, Network, _images);

    private void Fill(Span<float> values)
    {
        foreach (ref float value in values) value = (float)((_random.NextUniform() * 4) - 2);
    }
}
