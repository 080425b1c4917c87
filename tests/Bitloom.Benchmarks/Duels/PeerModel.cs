using Bitloom.Benchmarks.Duels.Onnx;
using Bitloom.Compiler.Graph;

namespace Bitloom.Benchmarks.Duels;

/// <summary>A model of the peer's: a file that another exporter wrote or, where there is none, a network of the same shape written here.</summary>
/// <param name="Stored">Path below the folder of models, or null.</param>
/// <param name="Network">The network to write, or null where it cannot be.</param>
internal sealed record PeerModel(string? Stored, Func<NetworkGraph>? Network = null)
{
    /// <summary>The path of an ONNX file, written into <paramref name="temporaryFolder"/> if need be.</summary>
    /// <param name="folder">The folder of models; may be missing.</param>
    /// <param name="temporaryFolder">An existing folder.</param>
    /// <param name="size">Height and width for a model that is written.</param>
    /// <exception cref="PeerException">There is no file and no network to write.</exception>
    internal string Locate(string folder, string temporaryFolder, int size)
    {
        if (Stored is not null && Path.Combine(folder, Stored) is var stored && File.Exists(stored)) return stored;
        if (Network is null) throw new PeerException($"there is no {Stored} in the folder of models; give the folder by --models.");
        string written = Path.Combine(temporaryFolder, Guid.NewGuid().ToString("N") + ".onnx");
        File.WriteAllBytes(written, OnnxModel.Write(Network(), size, size));
        return written;
    }
}
