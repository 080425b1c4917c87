using System.Text;
using Bitloom.Arrays;
using Bitloom.Arrays.Matlab;
using Bitloom.Arrays.Numpy;
using Bitloom.Arrays.Safetensors;
using Bitloom.Runtime.Images;

namespace Bitloom.Spectral.Files;

/// <summary>Writes cubes as fp32 to files whose extension tells the format. A file appears complete or not at all.</summary>
public static class CubeWriter
{
    /// <summary>The array's name in formats that have names.</summary>
    public const string VariableName = "cube";

    /// <summary>
    /// Writes a cube: <c>.npy</c> and <c>.safetensors</c> as bands x height x width, <c>.mat</c> as height x width x bands, <c>.hdr</c>
    /// (ENVI) band sequential with the data in a <c>.raw</c> file beside it, which is written first.
    /// </summary>
    /// <exception cref="ArrayFormatException">The extension is none of these; with the path.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the file was complete.</exception>
    public static void Write(string path, Cube cube, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cube);
        int[] bandsFirst = [cube.Bands, cube.Height, cube.Width];
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".npy":
                WholeFile.Write(path, stream => NpyWriter.Write(stream, bandsFirst, cube.Values), cancellation);
                break;
            case ".mat":
                WholeFile.Write(path, stream => MatWriter.Write(stream, VariableName, [cube.Height, cube.Width, cube.Bands], Interleave.ByPixels(cube)), cancellation);
                break;
            case ".safetensors":
                WholeFile.Write(path, stream => SafetensorsFile.Write(stream, [(VariableName, bandsFirst, cube.Values)]), cancellation);
                break;
            case ".hdr":
                WholeFile.Write(DataPathOf(path), stream => ArrayWriting.WriteValues(stream, cube.Values), cancellation);
                WholeFile.Write(path, stream => stream.Write(Encoding.ASCII.GetBytes(EnviHeaderOf(cube))), cancellation);
                break;
            default:
                throw new ArrayFormatException($"{path}: the extension tells the format; use {CubeReader.Extensions}");
        }
    }

    /// <summary>The data file of an ENVI header.</summary>
    public static string DataPathOf(string headerPath) => Path.ChangeExtension(headerPath, ".raw");

    private static string EnviHeaderOf(Cube cube)
    {
        var text = new StringBuilder("ENVI\ndescription = { written by Bitloom }\n");
        text.Append(Invariant($"samples = {cube.Width}\nlines = {cube.Height}\nbands = {cube.Bands}\n"));
        text.Append("header offset = 0\nfile type = ENVI Standard\ndata type = 4\ninterleave = bsq\nbyte order = 0\n");
        if (cube.Wavelengths is { } wavelengths)
            text.Append("wavelength units = Nanometers\nwavelength = { ").AppendJoin(", ", wavelengths.Select(w => Invariant($"{w}"))).Append(" }\n");
        return text.ToString();
    }
}
