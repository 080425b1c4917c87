using System.Globalization;
using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>
/// DRNet (Zhu et al., Dynamic Resolution Network, NeurIPS 2021): a predictor scores m resolutions, and the classifier runs at the best of
/// them. Its convolutions are the same at every resolution, its batch norms have a set for each.
/// <code>
///   image -> Resize -> predictor ---------> scores -> Gate -> output          scores -> ArgMax -> choice
///   image -> Resize -> classifier at 224 -> logits_224 -^
///   image -> Resize -> classifier at 168 -> logits_168 -^
/// </code>
/// Nodes are those of an imported gate. Weights are called <c>predictor.MODULE</c> and <c>classifier.MODULE</c>, batch norms of resolution I
/// <c>classifier.MODULE.bns.I</c>.
/// </summary>
/// <param name="Predictor">One score a resolution.</param>
/// <param name="Classifier">Used at every resolution.</param>
/// <param name="Resolutions">Heights and widths to choose from, in the order of the scores.</param>
/// <param name="PredictorSize">Height and width of the image that the predictor sees; the paper's is 128.</param>
/// <param name="Size">Height and width of the image given; 0 for the largest resolution.</param>
public sealed record DrNet(IClassifier Predictor, IClassifier Classifier, EquatableArray<int> Resolutions, int PredictorSize = 128, int Size = 0)
{
    /// <summary>Before the names of the predictor's weights.</summary>
    public const string PredictorPrefix = "predictor.";

    /// <summary>Before the names of the classifier's weights.</summary>
    public const string ClassifierPrefix = "classifier.";

    private const string Image = "image";

    /// <summary>The paper's predictor: a ResNet of one basic block a stage (section 3.1), here of any width.</summary>
    public static ResNet CreatePredictor(int resolutions, int width = 64, int stem = 7) => new([1, 1, 1, 1], IsBottleneck: false, resolutions, Width: width, Stem: stem);

    /// <summary>Reads predictor and classifier off a checkpoint, which does not say at which resolutions they run.</summary>
    public static DrNet Infer(CheckpointWeights weights, EquatableArray<int> resolutions, int predictorSize = 128)
    {
        bool isMobile = weights.ShapeOf(ClassifierPrefix + "classifier.1.weight") is not null;
        IClassifier classifier = isMobile ? MobileNetV2.Infer(weights, ClassifierPrefix) : ResNet.Infer(weights, ClassifierPrefix);
        return new DrNet(ResNet.Infer(weights, PredictorPrefix) with { Classes = resolutions.Count }, classifier, resolutions, predictorSize);
    }

    /// <summary>The network <c>image</c> (3 channels) -> <c>output</c>, one score a class, and <c>choice</c>, the number of the resolution.</summary>
    public NetworkGraph Build(string name, string description, WeightSource weights)
    {
        var builder = new NetworkBuilder(weights);
        int size = Size > 0 ? Size : Resolutions.Max();
        string Place(IClassifier network, ClassifierScope scope, int resolution, string scores)
        {
            var layers = new ClassifierLayers(builder, weights, scope);
            return network.Append(layers, layers.Resized(Image, size, resolution), scores);
        }

        string scores = Place(Predictor, new ClassifierScope(PredictorPrefix, PredictorPrefix), PredictorSize, "scores");
        string[] names = [.. Resolutions.Select(r => r.ToString(CultureInfo.InvariantCulture))];
        string[] candidates = [.. names.Select((n, i) =>
            Place(Classifier, new ClassifierScope(n + ".", ClassifierPrefix, string.Create(CultureInfo.InvariantCulture, $".bns.{i}")), Resolutions[i], "logits_" + n))];
        string gate = builder.Append("gate", new Gate(names.ToEquatableArray()), [scores, .. candidates]), choice = builder.Append("choice", new ArgMax(), scores);
        return builder.Finish(name, description, [ClassifierLayers.Image(Image, size)],
            [new GraphOutput("output", gate, SourceLocation.None), new GraphOutput("choice", choice, SourceLocation.None)]);
    }
}
