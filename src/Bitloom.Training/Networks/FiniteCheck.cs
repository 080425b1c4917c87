using System.Runtime.Intrinsics;
using Bitloom.Training.Kernels;
using Bitloom.Training.Layers;
using Bitloom.Training.Parameters;

namespace Bitloom.Training.Networks;

/// <summary>Finds where values stopped being finite. It costs nothing until they do: then the batch is run again, layer by layer.</summary>
internal static unsafe class FiniteCheck
{
    private const string Advice = "lower the learning rate, clip gradients, or resume from an earlier state";

    /// <summary>False where a value is NaN or infinite: then x * 0 is not 0.</summary>
    internal static bool IsFinite(float* values, int count) => Elementwise.Sum(values, values, count, default(TimesZero)) == 0;

    /// <summary>After a step of several networks: refuses a loss or a gradient that is not finite.</summary>
    /// <exception cref="TrainingException">One is not; the message names the parameter.</exception>
    internal static void Require(ParameterSet parameters, double loss)
    {
        if (!double.IsFinite(loss) || !IsFinite(parameters.GradientsPointer, parameters.Size)) throw new TrainingException(FindParameter(parameters) ?? ExplainLoss(loss));
    }

    /// <summary>Says in which layer it began.</summary>
    internal static string Explain(LayerChain chain, ParameterSet parameters, BatchRunner runner, int images, double loss)
    {
        foreach (Parameter parameter in parameters.All)
            if (!IsFinite(parameters.ValuesPointer + parameter.Offset, parameter.Count)) return $"the parameter '{parameter.Name}' holds NaN or infinity: {Advice}";
        for (int image = 0; image < images; image++)
        {
            ImagePass pass = runner.PassOf(image);
            runner.LoadInputs(pass, image);
            foreach (Networks.TensorSlot input in chain.Inputs)
                if (!IsFinite(pass.Value(input), input.Count)) return Invariant($"input '{input.Name}' of image {image} holds NaN or infinity: check the data");
            foreach (Layer layer in chain.Layers)
            {
                layer.Forward(pass);
                if (!IsFinite(pass.Value(layer.Output), layer.Output.Count)) return Invariant($"the output of layer '{layer.Name}' holds NaN or infinity (image {image}): {Advice}");
            }

            if (!double.IsFinite(runner.EvaluateLoss(pass, image))) return Invariant($"the loss of image {image} is not finite, though the network's output is: check the targets");
            for (int i = chain.Layers.Length - 1; i >= 0; i--)
            {
                Layer layer = chain.Layers[i];
                if (!layer.Output.NeedsGradient) continue;
                if (!IsFinite(pass.Gradient(layer.Output), layer.Output.Count)) return Invariant($"the gradient that reaches layer '{layer.Name}' holds NaN or infinity (image {image}): {Advice}");
                layer.Backward(pass);
            }
        }

        return FindParameter(parameters) ?? ExplainLoss(loss);
    }

    private static string? FindParameter(ParameterSet parameters)
    {
        foreach (Parameter parameter in parameters.All)
        {
            if (!IsFinite(parameters.ValuesPointer + parameter.Offset, parameter.Count)) return $"the parameter '{parameter.Name}' holds NaN or infinity: {Advice}";
            if (!IsFinite(parameters.GradientsPointer + parameter.Offset, parameter.Count)) return $"the gradient of '{parameter.Name}' holds NaN or infinity: {Advice}";
        }

        return null;
    }

    private static string ExplainLoss(double loss) => Invariant($"the loss is {loss}: {Advice}");

    private readonly struct TimesZero : IBinaryFunction
    {
        public Vector512<float> Apply(Vector512<float> x, Vector512<float> y) => x * Vector512<float>.Zero;
    }
}
