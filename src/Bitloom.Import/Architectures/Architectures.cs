using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Architectures;

/// <summary>The architectures that can be built from a checkpoint without ONNX.</summary>
public static class Architectures
{
    private static readonly ArchitectureOption Scale = new("scale", "expected scale, 2, 3 or 4; an error where the checkpoint has another (default: the checkpoint's)");
    private static readonly ArchitectureOption ResidualScale = new("residual-scale", "factor of the residual branches (default: 0.1 from 256 channels on, else 1)");
    private static readonly ArchitectureOption Form = new("form", "form of the binary units, v1, v2, v3 or v4 (default: v4)");
    private static readonly ArchitectureOption Alignment = new("alignment", "residual alignment k of forms v3 and v4 (default: 130)");

    private static readonly ArchitectureOption Resolutions = new("resolutions", "what the predictor chooses from, in the order of its scores, e.g. 112,80,56 (default: 224,168,112)");
    private static readonly ArchitectureOption PredictorSize = new("predictor-size", "height and width of the image that the predictor sees (default: 128)");

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new("bbcu-dncnn", "BBCU for denoising (colour) and JPEG deblocking (luma), DnCNN shape, binary body", [Form, Alignment]) { Builder = BuildDnCnn },
        SuperResolution("bbcu-sr", "BBCU-M for super-resolution: only the first and last convolutions full precision", BbcuParts.Upsampling),
        SuperResolution("bbcu-sr-all", "BBCU for super-resolution with every convolution binary, head and tail too", BbcuParts.Upsampling | BbcuParts.Head | BbcuParts.Tail),
        SuperResolution("bbcu-sr-l", "BBCU-L for super-resolution: the body binary, the rest full precision", BbcuParts.BodyOnly),
        new("bisrnet", "BiSRNet for snapshot hyperspectral imaging, one stage, binary but for its first and last convolutions", []) { Builder = BuildBiSrNet },
        new("carn", "CARN for super-resolution in full precision, with ghosts where the checkpoint has them", [Scale]) { Builder = (weights, settings) => BuildCarn(weights, settings, isMobile: false) },
        new("carn-m", "CARN-M for super-resolution in full precision: group convolutions, one block used three times", [Scale]) { Builder = (weights, settings) => BuildCarn(weights, settings, isMobile: true) },
        new("drnet", "DRNet, a ResNet or MobileNetV2 at the resolution that a predictor chooses for each image, a classifier", [Resolutions, PredictorSize]) { Builder = BuildDrNet },
        new("edsr", "EDSR or its baseline for super-resolution in full precision, with ghosts where the checkpoint has them", [Scale, ResidualScale]) { Builder = BuildEdsr },
        new("mobilenet-v2", "MobileNetV2 at width 1, a classifier", []) { Builder = (weights, settings) => Outcome.Success(MobileNetV2.Infer(weights).Build(settings.Name, settings.Description ?? "", weights)) },
        new("rdn", "RDN for super-resolution in full precision, with ghosts where the checkpoint has them", [Scale]) { Builder = BuildRdn },
        new("resnet", "ResNet with basic or bottleneck blocks, as ResNet-18 and ResNet-50, a classifier", []) { Builder = (weights, settings) => Outcome.Success(ResNet.Infer(weights).Build(settings.Name, settings.Description ?? "", weights)) },
    ];

    /// <summary>The architecture of that name.</summary>
    /// <exception cref="ImportException">There is none; the message names the nearest or all.</exception>
    public static Architecture Find(string name)
    {
        if (All.FirstOrDefault(a => a.Name == name) is { } found) return found;
        string[] names = [.. All.Select(a => a.Name)];
        string suggestion = NearestName.Suggest(name, names);
        throw new ImportException($"there is no architecture '{name}'{(suggestion.Length > 0 ? suggestion : ": choose one of " + string.Join(", ", names))}");
    }

    private static Architecture SuperResolution(string name, string description, BbcuParts parts) =>
        new(name, description, [Scale, Form, Alignment]) { Builder = (weights, settings) => BuildSuperResolution(weights, settings, parts) };

    private static Outcome<NetworkGraph> BuildSuperResolution(CheckpointWeights weights, ArchitectureSettings settings, BbcuParts parts)
    {
        BbcuSr network = BbcuSr.Infer(weights, parts, settings.Form, settings.Alignment);
        return OfScale(network.Build(settings.Name, settings.Description ?? "", weights), network.Scale, settings);
    }

    private static Outcome<NetworkGraph> BuildBiSrNet(CheckpointWeights weights, ArchitectureSettings settings) =>
        Outcome.Success(BiSrNet.Infer(weights).Build(settings.Name, settings.Description ?? "", weights));

    private static Outcome<NetworkGraph> BuildDrNet(CheckpointWeights weights, ArchitectureSettings settings)
    {
        EquatableArray<int> resolutions = settings.Resolutions ?? [224, 168, 112];
        const string scores = DrNet.PredictorPrefix + "fc.weight";
        NetworkGraph graph = DrNet.Infer(weights, resolutions, settings.PredictorSize).Build(settings.Name, settings.Description ?? "", weights);
        return weights.ShapeOf(scores) is not [int count, ..] || count == resolutions.Count ? Outcome.Success(graph)
            : Outcome.Failure<NetworkGraph>(BloomRules.InvalidWeight.At(
                new SourceLocation(0, 0, scores), FormattableString.Invariant($"the predictor has {count} scores, but there are {resolutions.Count} resolutions: give one for each score, in their order")));
    }

    private static Outcome<NetworkGraph> BuildEdsr(CheckpointWeights weights, ArchitectureSettings settings)
    {
        Edsr network = Edsr.Infer(weights, settings.ResidualScale);
        return OfScale(network.Build(settings.Name, settings.Description ?? "", weights), network.Scale, settings);
    }

    private static Outcome<NetworkGraph> BuildRdn(CheckpointWeights weights, ArchitectureSettings settings)
    {
        Rdn network = Rdn.Infer(weights);
        return OfScale(network.Build(settings.Name, settings.Description ?? "", weights), network.Scale, settings);
    }

    private static Outcome<NetworkGraph> BuildCarn(CheckpointWeights weights, ArchitectureSettings settings, bool isMobile)
    {
        Carn network = Carn.Infer(weights, isMobile, settings.Scale);
        return OfScale(network.Build(settings.Name, settings.Description ?? "", weights), network.Scale, settings);
    }

    private static Outcome<NetworkGraph> OfScale(NetworkGraph graph, int scale, ArchitectureSettings settings) =>
        settings.Scale is null || settings.Scale == scale ? Outcome.Success(graph)
            : Outcome.Failure<NetworkGraph>(BloomRules.InvalidWeight.At(
                SourceLocation.None, FormattableString.Invariant($"the checkpoint is for scale {scale}, but {settings.Scale} was asked for: leave the scale out or give another checkpoint")));

    private static Outcome<NetworkGraph> BuildDnCnn(CheckpointWeights weights, ArchitectureSettings settings) =>
        Outcome.Success(BbcuDnCnn.Infer(weights, settings.Form, settings.Alignment).Build(settings.Name, settings.Description ?? "", weights));
}
