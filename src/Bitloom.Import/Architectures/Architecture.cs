using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Safetensors;

namespace Bitloom.Import.Architectures;

/// <summary>What a checkpoint does not say about a network.</summary>
/// <param name="Name">Name of the network.</param>
/// <param name="Description">One line about it; null for the architecture's own.</param>
/// <param name="Scale">The expected scale of a super-resolution network; null to take the checkpoint's.</param>
/// <param name="Form">Form of BBCU's units.</param>
/// <param name="Alignment">BBCU's k.</param>
/// <param name="ResidualScale">Factor of EDSR's residual branches; null for the architecture's own.</param>
/// <param name="Resolutions">What DRNet chooses from, in the order of the predictor's scores; null for the paper's.</param>
/// <param name="PredictorSize">Height and width of the image that DRNet's predictor sees.</param>
public sealed record ArchitectureSettings(
    string Name, string? Description = null, int? Scale = null, BbcuForm Form = BbcuForm.V4, float Alignment = 130f, float? ResidualScale = null,
    EquatableArray<int>? Resolutions = null, int PredictorSize = 128);

/// <summary>An option of an architecture, as a command line offers it.</summary>
/// <param name="Name">Its name, the property of <see cref="ArchitectureSettings"/> in lower case.</param>
/// <param name="Description">What it does, its values and its default.</param>
public sealed record ArchitectureOption(string Name, string Description);

/// <summary>A network architecture whose checkpoints become descriptors.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Description">One line about it.</param>
/// <param name="Options">The settings that apply to it.</param>
public sealed record Architecture(string Name, string Description, EquatableArray<ArchitectureOption> Options)
{
    /// <summary>Builds the network; everything missing or wrong is reported through the weights.</summary>
    public required Func<CheckpointWeights, ArchitectureSettings, Outcome<NetworkGraph>> Builder { get; init; }

    /// <summary>
    /// The network of a checkpoint, its sizes read off the weights' shapes; or one error for each weight that is missing, unexpected,
    /// of another shape or not finite, the weight's name as the location.
    /// </summary>
    public Outcome<NetworkGraph> Build(IReadOnlyList<NamedTensor> weights, ArchitectureSettings settings)
    {
        var checkpoint = new CheckpointWeights(weights);
        Outcome<NetworkGraph> built = Builder(checkpoint, settings with { Description = settings.Description ?? Description });
        EquatableArray<Compiler.Diagnostics.BloomDiagnostic> errors = built.Diagnostics.Concat(checkpoint.Errors()).ToEquatableArray();
        return new Outcome<NetworkGraph>(errors.Count == 0 ? built.Value : null, errors);
    }
}
