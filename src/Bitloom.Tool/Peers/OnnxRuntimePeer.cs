using System.ComponentModel;
using System.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Onnx.Export;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Tool.Peers;

/// <summary>
/// Runs networks in ONNX Runtime, an engine that shares no code with Bitloom: exports them to a temporary folder and lets Node.js run
/// them with the package onnxruntime-node, by a script that is part of this program.
/// </summary>
/// <param name="folder">Where the package is looked for.</param>
/// <param name="place">The option or variable that names the folder, for messages.</param>
internal sealed class OnnxRuntimePeer(string folder, string place)
{
    /// <summary>Names the folder where no option does.</summary>
    internal const string Variable = "BITLOOM_ONNXRUNTIME";

    private const int PackageMissing = 3;

    private const string Remedy = $"run 'npm install --ignore-scripts onnxruntime-node' in a folder and name it by --onnxruntime or {Variable}";

    /// <summary>The peer in the folder that an option names, else the environment, else the current one.</summary>
    internal static OnnxRuntimePeer At(string? option) => option is not null
        ? new OnnxRuntimePeer(option, "--onnxruntime")
        : Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? new OnnxRuntimePeer(named, Variable) : new OnnxRuntimePeer(".", "onnxruntime");

    /// <summary>The network's outputs by the network's names.</summary>
    /// <param name="path">The network's file, for messages.</param>
    /// <param name="graph">The network.</param>
    /// <param name="inputs">Its inputs by name; others are ignored.</param>
    /// <param name="cancellation">Ends the peer.</param>
    /// <exception cref="BadInputException">Node.js or the package is missing, or the peer refuses the network.</exception>
    internal Dictionary<string, Tensor> Run(string path, NetworkGraph graph, IReadOnlyDictionary<string, Tensor> inputs, CancellationToken cancellation) =>
        RunAll([(path, graph, inputs)], cancellation)[0];

    /// <summary>Likewise for several networks, in one process.</summary>
    /// <inheritdoc cref="Run" path="/exception"/>
    internal IReadOnlyList<Dictionary<string, Tensor>> RunAll(
        IReadOnlyList<(string Path, NetworkGraph Graph, IReadOnlyDictionary<string, Tensor> Inputs)> runs, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder)) throw new BadInputException(place, $"there is no folder '{folder}'", Remedy);
        DirectoryInfo temporary = Directory.CreateTempSubdirectory("bitloom-");
        try
        {
            var arguments = new List<string>();
            var exports = new List<OnnxExport>();
            foreach ((string path, NetworkGraph graph, IReadOnlyDictionary<string, Tensor> inputs) in runs)
            {
                OnnxExport export = ExportCommand.Export(path, graph);
                string[] files = [.. new[] { "model.onnx", "in.safetensors", "out.safetensors" }.Select(f => Path.Combine(temporary.FullName, FormattableString.Invariant($"{exports.Count}.{f}")))];
                OutputFiles.Write(files[0], export.Bytes);
                TensorFile.Write(files[1], graph.Inputs.Zip(export.Inputs).ToDictionary(p => p.Second, p => inputs[p.First.Name]));
                exports.Add(export);
                arguments.AddRange(files);
            }

            RunNode(arguments, cancellation);
            return [.. runs.Select((run, i) => Read(run.Graph, exports[i], arguments[(3 * i) + 2]))];
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    private static Dictionary<string, Tensor> Read(NetworkGraph graph, OnnxExport export, string file)
    {
        Dictionary<string, Tensor> tensors;
        try
        {
            tensors = TensorFile.Read(file);
        }
        catch (BadInputException failure)
        {
            // The file is gone by the time that the message is read.
            throw new BadInputException("onnxruntime", $"makes what cannot be compared ({failure.Message.Replace(file + ": ", "", StringComparison.Ordinal)})", "choose inputs for which every value is finite");
        }

        return graph.Outputs.Zip(export.Outputs).ToDictionary(p => p.First.Name, p => tensors[p.Second]);
    }

    private void RunNode(List<string> files, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("node", ["-", Path.GetFullPath(folder), .. files]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Start(start);
        using CancellationTokenRegistration ending = cancellation.Register(() => process.Kill());
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation), error = process.StandardError.ReadToEndAsync(cancellation);
        GiveScript(process);
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode == PackageMissing) throw new BadInputException(place, $"ONNX Runtime is not found from '{folder}'", Remedy);
        if (process.ExitCode != 0) throw new BadInputException("onnxruntime", $"cannot run the exported network ({error.Result.Trim()})", "compare with the reference interpreter by 'bitloom verify' alone");
        output.Wait(cancellation);
    }

    // A process that ends before it has read the script says why by its exit code.
    private static void GiveScript(Process process)
    {
        try
        {
            using StreamWriter input = process.StandardInput;
            input.Write(Script());
        }
        catch (IOException)
        {
            process.WaitForExit();
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new BadInputException("node", "is not found", "install Node.js, which runs ONNX Runtime, so that 'node' is on the path");
        }
    }

    private static string Script()
    {
        using Stream stream = typeof(OnnxRuntimePeer).Assembly.GetManifestResourceStream("onnxruntime.cjs")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
