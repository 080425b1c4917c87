using System.ComponentModel;
using System.Diagnostics;

namespace Bitloom.Benchmarks.Duels;

/// <summary>Node.js with ONNX Runtime's package installed beside the peer's program.</summary>
internal sealed class PeerRuntime
{
    private PeerRuntime(string script, string nodeVersion) => (Script, NodeVersion) = (script, nodeVersion);

    /// <summary>Path of the peer's program.</summary>
    internal string Script { get; }

    /// <summary>Version of Node.js.</summary>
    internal string NodeVersion { get; }

    /// <summary>Finds Node.js and, the first time, installs ONNX Runtime into <paramref name="folder"/>.</summary>
    /// <exception cref="PeerException">Node.js or npm is missing, or the installation failed.</exception>
    internal static PeerRuntime Prepare(string folder)
    {
        string version = Output(new ProcessStartInfo("node", ["--version"]), "Node.js is needed for ONNX Runtime, the peer: install it so that 'node' and 'npm' are found.");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "onnxruntime-node"))) Install(folder);
        return new PeerRuntime(Path.Combine(folder, "peer.mjs"), version.Trim());
    }

    // Scripts of the package would download libraries for graphics cards; the one for the processor is in the package.
    private static void Install(string folder)
    {
        Console.Error.WriteLine("Installing ONNX Runtime for the peer, once...");
        string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        string[] arguments = ["install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel", "error"];
        Output(new ProcessStartInfo(npm, arguments) { WorkingDirectory = folder }, "npm is needed to install ONNX Runtime, the peer: install Node.js with npm.");
    }

    private static string Output(ProcessStartInfo start, string whenMissing)
    {
        (start.RedirectStandardOutput, start.UseShellExecute) = (true, false);
        try
        {
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : throw new PeerException($"'{start.FileName} {string.Join(' ', start.ArgumentList)}' failed; what it said stands above.");
        }
        catch (Win32Exception)
        {
            throw new PeerException(whenMissing);
        }
    }
}
