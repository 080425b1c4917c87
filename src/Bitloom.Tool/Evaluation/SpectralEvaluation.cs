using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;
using Bitloom.Spectral;
using Bitloom.Spectral.Sensing;
using Bitloom.Training.Data;

namespace Bitloom.Tool;

/// <summary>
/// Snapshot spectral imaging: cubes are measured by the CASSI camera without noise, and the network's cube is compared with the truth,
/// band by band. The first input is the initial estimate, the second, where there is one, the mask once for each band.
/// </summary>
internal sealed class SpectralEvaluation : NetworkEvaluation
{
    private static readonly string[] Readable = [".npy", ".mat", ".hdr", ".safetensors"];

    private readonly EvaluatedNetwork _subject;
    private readonly IReadOnlyList<string> _paths;
    private readonly Plane _mask;

    internal SpectralEvaluation(EvaluatedNetwork subject, IReadOnlyList<string> places, string? mask)
    {
        _subject = subject;
        if (mask is null) throw new BadInputException("--mask", "the camera's mask is missing", "give a file of one plane, e.g. --mask mask.npy");
        _mask = CubeSampler.LoadMask(mask);
        _paths = [.. places.SelectMany(Find).Where(p => Path.GetFullPath(p) != Path.GetFullPath(mask))];
        if (_paths.Count == 0) throw new BadInputException(string.Join(", ", places), "holds no cubes", $"put files there ({string.Join(", ", Readable)})");
        int bands = SpectralBands.Cassi.Count;
        if (subject.Graph.Inputs.Count > 2 || subject.Graph.Inputs.Any(i => i.Shape.Channels != bands) || new NetworkShapes(subject.Graph)[subject.Graph.Outputs[0].Tensor].Channels != bands)
            throw new BadInputException(subject.Model.Path, $"the network does not make {bands} bands from an estimate of {bands} bands and their masks", "give a network for snapshot spectral imaging");
    }

    /// <inheritdoc/>
    internal override Metrics Metrics { get; } = new("PSNR", "dB", "estimate", "SSIM");

    /// <inheritdoc/>
    internal override int Count => _paths.Count;

    /// <inheritdoc/>
    internal override string NameOf(int index) => Path.GetFileNameWithoutExtension(_paths[index]);

    /// <inheritdoc/>
    internal override Measurement Measure(int index)
    {
        string path = _paths[index];
        Cube cube = CubeSampler.LoadCube(path);
        int height = Math.Min(cube.Height, _mask.Height), width = Math.Min(cube.Width, _mask.Width);
        Cube truth = cube.Crop(0, 0, height, width);
        Plane mask = _mask.Crop(height, width);
        Cube estimate = SnapshotCamera.InitialEstimate(SnapshotCamera.Measure(truth, mask), SpectralBands.Cassi);

        IReadOnlyList<GraphInput> inputs = _subject.Graph.Inputs;
        var given = new Dictionary<string, Tensor> { [inputs[0].Name] = new(truth.Bands, height, width, estimate.Values) };
        if (inputs.Count > 1) given.Add(inputs[1].Name, new Tensor(truth.Bands, height, width, SnapshotCamera.RepeatMask(mask, truth.Bands)));
        if (NetworkInputs.FindSize(_subject.Graph, given, path) is var size) new NetworkShapes(_subject.Graph).CheckSize(path, size);
        using NetworkRun run = NetworkRun.Create(_subject.Host, path, size, _subject.Threads);
        Tensor output = run.Run(given)[_subject.Graph.Outputs[0].Name];
        if (output.Values.Length != truth.Values.Length) throw new BadInputException(path, $"the network makes {output} of it", "give a network that keeps the size");
        var made = CubeQuality.Of(new Cube(truth.Bands, height, width, output.Values), truth);
        var before = CubeQuality.Of(estimate, truth);
        return new Measurement(NameOf(index), made.MeanPsnr, before.MeanPsnr, made.MeanSsim, before.MeanSsim);
    }

    private static IEnumerable<string> Find(string place)
    {
        if (File.Exists(place)) return [place];
        if (!Directory.Exists(place)) throw new BadInputException(place, "no such folder", "give a folder of cubes with --data");
        return Directory.GetFiles(place).Where(f => Readable.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase) && !IsMask(f)).Order(StringComparer.Ordinal);
    }

    // Data sets keep the mask beside the cubes.
    private static bool IsMask(string path) => Path.GetFileName(path).Contains("mask", StringComparison.OrdinalIgnoreCase);
}
