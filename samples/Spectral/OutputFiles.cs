using Bitloom.Runtime.Images;
using Bitloom.Spectral;
using Bitloom.Spectral.Files;
using Bitloom.Spectral.Rendering;
using Samples;

namespace Spectral;

/// <summary>Writes the results, and finds what is wrong with their paths before any time is spent.</summary>
internal static class OutputFiles
{
    private const int SheetColumns = 7;

    /// <summary>Checks that there is something to read and a place to write.</summary>
    /// <exception cref="BadInputException">With the path and the remedy.</exception>
    internal static void CheckPaths(Request request)
    {
        foreach (string input in request.Inputs)
        {
            if (Directory.Exists(input)) throw new BadInputException($"{input}: it is a folder; give a file in it");
            if (!File.Exists(input)) throw new BadInputException($"{input}: there is no such file; check the path");
        }

        if (Path.GetExtension(request.Output).ToLowerInvariant() is not (".npy" or ".mat" or ".safetensors" or ".hdr"))
            throw new BadInputException($"{request.Output}: the extension tells the format; use {CubeReader.Extensions}");
        foreach (string picture in new[] { request.Sheet, request.Colours }.OfType<string>())
            if (Path.GetExtension(picture).ToLowerInvariant() != ".png") throw new BadInputException($"{picture}: pictures are PNG; use .png");
        string[] outputs = [.. request.Outputs];
        if (Path.GetExtension(request.Output).Equals(".hdr", StringComparison.OrdinalIgnoreCase)) outputs = [.. outputs, CubeWriter.DataPathOf(request.Output)];
        foreach (string output in outputs)
        {
            string full = Path.GetFullPath(output);
            if (Directory.Exists(output)) throw new BadInputException($"{output}: it is a folder; give a file name");
            if (request.Inputs.Any(input => Path.GetFullPath(input) == full)) throw new BadInputException($"{output}: it is an input too; give another name");
            if (outputs.Count(other => Path.GetFullPath(other) == full) > 1) throw new BadInputException($"{output}: two results would have this name; give another one");
            if (!Directory.Exists(Path.GetDirectoryName(full))) throw new BadInputException($"{output}: its folder does not exist; create it first");
        }

        if (request.BandFolder is { } folder && File.Exists(folder)) throw new BadInputException($"{folder}: it is a file; give a folder for the bands' pictures");
    }

    /// <summary>Writes the cube and the pictures that were asked for.</summary>
    /// <returns>What was written, one line each.</returns>
    /// <exception cref="MachineFailureException">With the path and the remedy.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the file at work is not there.</exception>
    internal static IEnumerable<string> Write(Request request, Cube cube, CancellationToken cancellation)
    {
        Guarded(request.Output, () => CubeWriter.Write(request.Output, cube, cancellation));
        yield return Invariant($"{request.Output}: {cube.Bands} bands of {cube.Height} x {cube.Width}, fp32");
        if (request.BandFolder is { } folder)
        {
            Guarded(folder, () => Directory.CreateDirectory(folder));
            for (int band = 0; band < cube.Bands; band++)
                Save(Path.Combine(folder, Invariant($"band-{band + 1:00}-{cube.Wavelengths![band]:F1}.png")), Band(cube, band, request), cancellation);
            yield return Invariant($"{folder}: {cube.Bands} pictures of bands");
        }

        if (request.Sheet is { } sheet)
        {
            Save(sheet, CubeRenderer.Sheet([.. Enumerable.Range(0, cube.Bands).Select(band => Band(cube, band, request))], SheetColumns), cancellation);
            yield return $"{sheet}: all bands, from short to long waves";
        }

        if (request.Colours is { } colours)
        {
            Save(colours, CubeRenderer.Colours(cube, request.Exposure), cancellation);
            yield return $"{colours}: colours of the bands";
        }
    }

    private static Image Band(Cube cube, int band, Request request) => request.IsTinted ? CubeRenderer.Tinted(cube, band) : CubeRenderer.Grey(cube, band);

    private static void Save(string path, Image picture, CancellationToken cancellation) => Guarded(path, () => ImageFile.Save(path, picture, cancellation));

    private static void Guarded(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MachineFailureException($"{path}: it cannot be written; check the folder's permissions and the free space on its disk");
        }
    }
}
