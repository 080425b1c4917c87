using System.Diagnostics;
using Bitloom.Runtime.Images;

namespace Samples;

/// <summary>What <c>--stats</c> prints.</summary>
internal static class Statistics
{
    internal static void Write(TextWriter output, PictureRun run, Image result, TimeSpan time)
    {
        using var process = Process.GetCurrentProcess();
        const double mebi = 1 << 20;
        double megapixels = (double)result.Width * result.Height / 1e6;
        output.WriteLine(Invariant($"time     {time.TotalMilliseconds:F1} ms without reading and writing files"));
        output.WriteLine(Invariant($"speed    {megapixels / time.TotalSeconds:F2} output megapixels/s"));
        output.WriteLine(Invariant($"threads  {run.Session.Threads}, vectors of {(int)run.Session.VectorWidth} bits"));
        output.WriteLine(Invariant($"bands    {run.Layout.Bands.Count} from windows of {run.Layout.WindowRows} rows, halo {run.Network.HaloRows}"));
        output.WriteLine(Invariant($"memory   {process.PeakWorkingSet64 / mebi:F0} MiB at its peak, of which activations {run.Session.ArenaBytes / mebi:F0} MiB and weights {run.Session.WeightBytes / mebi:F1} MiB"));
    }
}
