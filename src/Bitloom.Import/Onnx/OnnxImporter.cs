using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Import.Onnx.Passes;
using Bitloom.Import.Onnx.Tidying;

namespace Bitloom.Import.Onnx;

/// <summary>How to import.</summary>
/// <param name="Name">Name of the network.</param>
/// <param name="Description">One line for its reader; may be empty.</param>
/// <param name="KeepsSize">True to keep a fixed size although the network could take any.</param>
/// <param name="KeepsZeros">
/// True to keep ONNX's and PyTorch's sign(0) = 0, where Bitloom's Sign makes +1 of it: every binary convolution of such signs is computed
/// twice, over Sign(x) and over Sign(-x).
/// </param>
public sealed record OnnxImportOptions(string Name, string Description = "", bool KeepsSize = false, bool KeepsZeros = false);

/// <summary>A network with the report of its import.</summary>
public sealed record OnnxImport(NetworkGraph Graph, ImportReport Report);

/// <summary>
/// ONNX to a network, stage by stage: bytes -> <see cref="OnnxGraph"/> -> passes -> <see cref="Conversion"/> -> network -> tidy network.
/// </summary>
public static class OnnxImporter
{
    /// <summary>Imports a file; external data is looked for beside it.</summary>
    /// <exception cref="ImportException">It cannot be read or imported; the message is one line that begins with the path.</exception>
    public static OnnxImport Import(string path, OnnxImportOptions options)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ImportException($"{path}: cannot be read ({error.Message.ReplaceLineEndings(" ")}); check the path and its permissions", error);
        }

        return Import(bytes, path, Path.GetDirectoryName(Path.GetFullPath(path)), options);
    }

    /// <summary>Imports bytes.</summary>
    /// <param name="bytes">A whole file.</param>
    /// <param name="place">What messages call it.</param>
    /// <param name="folder">Where external data is, or null to refuse it.</param>
    /// <param name="options">How to import.</param>
    /// <exception cref="ImportException">The bytes cannot be imported.</exception>
    public static OnnxImport Import(byte[] bytes, string place, string? folder, OnnxImportOptions options)
    {
        try
        {
            OnnxGraph graph = ModelReader.Read(bytes, folder, out int nodes);
            var log = new ImportLog();
            foreach (OnnxPass pass in OnnxPass.All) graph = pass.Run(graph, log);
            return ConvertAtBestSize(graph, options, log, nodes);
        }
        catch (ImportException error)
        {
            throw new ImportException($"{place}: {OneLine(error.Message)}", error);
        }
        catch (ArithmeticException error)
        {
            // Sizes are checked where they are read; only products of absurd ones get here.
            throw new ImportException($"{place}: a size on the way overflows; export the model again with smaller sizes", error);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or IndexOutOfRangeException or KeyNotFoundException or NullReferenceException or InvalidCastException)
        {
            // A contradiction that no check has named; the user still gets one line.
            throw new ImportException($"{place}: contradicts itself in a way that the importer does not understand ({error.GetType().Name}); please report this file", error);
        }
    }

    // A network whose operators all follow the image's size is imported free of it; else the size of the export stays.
    private static OnnxImport ConvertAtBestSize(OnnxGraph graph, OnnxImportOptions options, ImportLog log, int nodes)
    {
        if (options.KeepsSize) return Convert(graph, InputSizes.Fixed(graph), options, nodes, log);
        string? reason = null;
        if (FreeSize.Find(graph, multiple => Convert(graph, InputSizes.Free(graph, multiple), options, nodes, log.Copy()), ref reason) is { } free) return free;
        if (InputSizes.IsFree(graph)) throw new ImportException(reason ?? "has sizes that are not understood; export with a fixed size");
        log.Note($"keeps the size of the export: {reason}");
        return Convert(graph, InputSizes.Fixed(graph), options, nodes, log);
    }

    private static OnnxImport Convert(OnnxGraph graph, InputSizes sizes, OnnxImportOptions options, int nodes, ImportLog log)
    {
        NetworkGraph converted = new Conversion(graph, sizes, options.KeepsZeros, log).Run(options.Name, options.Description), network = NetworkTidying.Run(converted);
        log.OtherShifts(CountShifts(network) - CountShifts(converted));
        Outcome<ShapeTable> shapes = ShapeInference.Infer(network);
        if (shapes.Diagnostics.Concat(SignFlow.Check(network)).FirstOrDefault(d => d.IsError) is { } error)
            throw new ImportException($"{error.Id}: {error.Message}");
        foreach (string sentence in SizeLimits.Describe(network, shapes.Value!)) log.Note(sentence);
        return new OnnxImport(network, log.Finish(nodes));
    }

    private static int CountShifts(NetworkGraph network) => network.Nodes.Count(n => n.Operator is Shift);

    // Names come from the file and may hold line ends.
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
