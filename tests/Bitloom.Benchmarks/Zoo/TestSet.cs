using Bitloom.Training.Recipes;

namespace Bitloom.Benchmarks.Zoo;

/// <summary>A set of pictures that papers measure on, and nothing here is trained on.</summary>
/// <param name="Name">As papers call it.</param>
/// <param name="Folder">Relative to the folder of data.</param>
/// <param name="Options">Further arguments of <c>bitloom evaluate</c>; files are relative to the folder of data.</param>
internal sealed record TestSet(string Name, string Folder, IReadOnlyDictionary<string, string>? Options = null)
{
    /// <summary>The sets for a task.</summary>
    internal static IReadOnlyList<TestSet> Of(TaskKind task) => task switch
    {
        TaskKind.SuperResolution => [new("Set5", "set5/HR"), new("Set14", "set14"), new("B100", "bsds500/val")],
        TaskKind.Denoising => [new("CBSD68", "bsds500/val", new Dictionary<string, string> { ["--names"] = "bsds500/cbsd68_ids.txt" })],
        TaskKind.Deblocking => [new("Classic5", "classic5")],
        TaskKind.Spectral => [new("CAVE balloons", "hyperspectral/cave_balloons_31x256x256_u16.npy", new Dictionary<string, string> { ["--mask"] = "hyperspectral/tsa_mask_256_f32.npy" })],
        _ => [new("clothing10", "clothing10/test")],
    };
}
