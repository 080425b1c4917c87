using System.Diagnostics;
using Bitloom.Runtime.Images;

namespace Upscale;

/// <summary>What <c>--stats</c> prints.</summary>
internal static class Statistics
{
    internal static void Write(TextWriter output, PictureUpscaler upscaler, Image enlarged, TimeSpan network)
    {
        using var process = Process.GetCurrentProcess();
        const double mebi = 1 << 20;
        double megapixels = (double)enlarged.Width * enlarged.Height / 1e6;
        output.WriteLine(Invariant($"time     {network.TotalMilliseconds:F1} ms without reading and writing files"));
        output.WriteLine(Invariant($"speed    {megapixels / network.TotalSeconds:F2} output megapixels/s"));
        output.WriteLine(Invariant($"threads  {upscaler.Session.Threads}, vectors of {(int)upscaler.Session.VectorWidth} bits"));
        output.WriteLine(Invariant($"bands    {upscaler.Layout.Bands.Count} from windows of {upscaler.Layout.WindowRows} rows, halo {Upscaler.HaloRows}"));
        output.WriteLine(Invariant($"memory   {process.PeakWorkingSet64 / mebi:F0} MiB at its peak, of which activations {upscaler.Session.ArenaBytes / mebi:F0} MiB and weights {upscaler.Session.WeightBytes / mebi:F1} MiB"));
    }
}
