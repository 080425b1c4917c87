using System.Diagnostics;
using Bitloom.Spectral;
using Bitloom.Spectral.Sensing;
using Samples;

namespace Spectral;

/// <summary>The <c>spectral</c> command: a snapshot, simulated or measured, in; a hyperspectral cube out.</summary>
internal static class Program
{
    private static readonly CommandExit s_exit = new("spectral", "interrupted, no file is left half written", "give a smaller mask and --crop, or a smaller scene");

    private static int Main(string[] arguments)
    {
        using var interruption = new Interruption();
        return Run(arguments, Networks.All, Console.Out, Console.Error, interruption.Token);
    }

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">What the user typed.</param>
    /// <param name="networks">The networks to choose from, the usual one first.</param>
    /// <param name="output">Where results are told.</param>
    /// <param name="errors">Where failures are told.</param>
    /// <param name="cancellation">Ends the run without files.</param>
    /// <returns>The exit code: see <see cref="CommandExit.Of"/>.</returns>
    internal static int Run(string[] arguments, IReadOnlyList<SpectralNetwork> networks, TextWriter output, TextWriter errors, CancellationToken cancellation) => s_exit.Of(
        () =>
        {
            if (RequestParser.Parse(arguments) is not { } request)
            {
                output.WriteLine(Request.Help);
                return;
            }

            SpectralNetwork network = request.Network is null ? networks[0] : networks.FirstOrDefault(n => n.Name == request.Network)
                ?? throw new BadInputException($"--network {request.Network}: give one of {string.Join(", ", networks.Select(n => n.Name))}");
            OutputFiles.CheckPaths(request);
            Reconstruct(request, network, output, cancellation);
        },
        errors);

    private static void Reconstruct(Request request, SpectralNetwork network, TextWriter output, CancellationToken cancellation)
    {
        (Plane measurement, Plane mask, Cube? truth) = request.Cube is null ? Load(request, output) : Simulate(request, output);
        cancellation.ThrowIfCancellationRequested();

        Cube estimate = SnapshotCamera.InitialEstimate(measurement, SpectralBands.Cassi);
        var cube = new Cube(estimate.Bands, estimate.Height, estimate.Width, SpectralBands.Cassi);
        using (IReconstructor reconstructor = network.Create(cube.Height, cube.Width, request.Threads))
        {
            float[] masks = SnapshotCamera.RepeatMask(mask, cube.Bands);
            var clock = Stopwatch.StartNew();
            reconstructor.Run(estimate.Values, masks, cube.Values);
            output.WriteLine(Invariant($"network  {network.Name}, {clock.Elapsed.TotalMilliseconds:F1} ms, {request.Threads} threads"));
        }

        cancellation.ThrowIfCancellationRequested();
        foreach (string line in OutputFiles.Write(request, cube, cancellation)) output.WriteLine($"wrote    {line}");
        if (truth is not null) QualityReport.Write(output, estimate, cube, truth, request.PrintsBands);
    }

    private static (Plane Measurement, Plane Mask, Cube Truth) Simulate(Request request, TextWriter output)
    {
        var inputs = new Inputs(request, output);
        Cube scene = inputs.ReadCube(request.Cube!, "scene", request.Scale);
        Plane mask = inputs.ReadMask(ref scene);
        Plane measurement = SnapshotCamera.Measure(scene, mask);
        SensorNoise noise = request.Noise;
        if (noise.Photons > 0 || noise.Deviation > 0) measurement = noise.AddTo(measurement);
        string shot = noise.Photons > 0 ? Invariant($", shot noise of {noise.Photons} photons") : "";
        string gaussian = noise.Deviation > 0 ? Invariant($", Gaussian noise of {noise.Deviation}") : "";
        string seed = shot + gaussian == "" ? ", no noise" : Invariant($", seed {noise.Seed}");
        output.WriteLine(Invariant($"snapshot simulated, {measurement.Height} x {measurement.Width}{shot}{gaussian}{seed}"));
        return (measurement, mask, scene);
    }

    private static (Plane Measurement, Plane Mask, Cube? Truth) Load(Request request, TextWriter output)
    {
        var inputs = new Inputs(request, output);
        (Plane measurement, Plane mask) = inputs.ReadMeasurement();
        if (request.Truth is null) return (measurement, mask, null);
        Cube truth = inputs.ReadCube(request.Truth, "truth", ValueScale.ByType);
        return (truth.Height, truth.Width) == (mask.Height, mask.Width)
            ? (measurement, mask, truth)
            : throw new BadInputException(Invariant($"{request.Truth}: {truth.Height} x {truth.Width} pixels, and the snapshot shows {mask.Height} x {mask.Width}; give the cube of the same scene"));
    }
}
