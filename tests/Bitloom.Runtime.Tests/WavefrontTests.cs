using Bitloom.Runtime.Kernels;

namespace Bitloom.Runtime.Tests;

/// <summary>The order of a wavefront: every layer runs once on every block, and never before what its window reads.</summary>
/// <param name="skew">1 for equal shares of the threads; with more, the first thread has the least.</param>
public abstract class WavefrontTests(double skew)
{
    [Theory]
    [InlineData(700, 40, 64, "0 1 2", 1, 1, 1)]
    [InlineData(700, 40, 64, "0 1 2", 1, 1, 2)]
    [InlineData(700, 40, 64, "0 1 2 3 4 5 6 7", 1, 1, 3)]
    [InlineData(300, 900, 32, "0 1 2 3 4", 1, 1, 2)]
    [InlineData(900, 300, 16, "0 1 2 3", 2, 2, 4)]
    [InlineData(2000, 64, 64, "0 1", 1, 1, 7)]
    [InlineData(20, 20, 4, "0 1 2", 1, 1, 2)]
    [InlineData(400, 400, 64, "0 0 0 0", 0, 0, 2)]
    [InlineData(64, 4000, 64, "0 1 2 3 4 5", 3, 3, 5)]
    [InlineData(256, 256, 112, "0 0 0 1 1 1 1 1", 1, 1, 1)]
    [InlineData(256, 256, 112, "0 0 0 1 1 1 1 1", 1, 1, 2)]
    [InlineData(500, 300, 112, "0 1 1 1 2 2 4 4", 1, 1, 3)]
    public void Every_layer_runs_once_on_every_block_after_what_it_reads(int height, int width, int channels, string delays, int padY, int padX, int parts)
    {
        byte[] behind = Parse(delays);
        int layers = behind.Length;
        var geometry = new PlaneGeometry(height, width, Math.Max(padY, 1), Math.Max(padX, 1));
        int reach = ((padY * geometry.Pitch) + padX + PlaneGeometry.BlockPixels - 1) / PlaneGeometry.BlockPixels;
        List<List<(int Layer, int First, int End, nint Fold)>>[] phases = [.. Enumerable.Range(0, parts).Select(part => Phases(geometry, channels, behind, padY, padX, part, parts))];
        Assert.Single(phases.Select(p => p.Count).Distinct());

        var done = new bool[layers, geometry.Blocks];
        for (int phase = 0; phase < phases[0].Count; phase++)
        {
            // What other threads do in the same phase may not be relied on, so each thread starts from what was done before it.
            var before = (bool[,])done.Clone();
            foreach (List<List<(int Layer, int First, int End, nint Fold)>> part in phases)
            {
                var seen = (bool[,])before.Clone();
                foreach ((int layer, int first, int end, _) in part[phase])
                {
                    int around = layer > 0 && behind[layer] > behind[layer - 1] ? reach : 0;
                    for (int block = Math.Max(0, first - around); layer > 0 && block < Math.Min(geometry.Blocks, end + around); block++)
                        Assert.True(seen[layer - 1, block], $"layer {layer} on blocks {first}..{end - 1} needs layer {layer - 1} on block {block}");
                    for (int block = first; block < end; block++)
                    {
                        Assert.False(done[layer, block], $"layer {layer} runs twice on block {block}");
                        done[layer, block] = seen[layer, block] = true;
                    }
                }
            }
        }

        Assert.DoesNotContain(false, done.Cast<bool>());
    }

    // Two sign planes serve all layers in turn: what layer l overwrites, layer l - 1 must not read afterwards.
    [Theory]
    [InlineData(700, 40, 64, 6, 1)]
    [InlineData(700, 40, 64, 6, 2)]
    [InlineData(1500, 100, 32, 8, 3)]
    public void Two_sign_planes_in_turn_are_enough(int height, int width, int channels, int layers, int parts)
    {
        var geometry = new PlaneGeometry(height, width, 1, 1);
        int reach = ((geometry.Pitch + 1) + PlaneGeometry.BlockPixels - 1) / PlaneGeometry.BlockPixels;
        byte[] delays = [.. Enumerable.Range(0, layers).Select(l => (byte)l)];
        List<List<(int Layer, int First, int End, nint Fold)>>[] phases = [.. Enumerable.Range(0, parts).Select(part => Phases(geometry, channels, delays, 1, 1, part, parts))];

        // writer[plane, block]: the layer whose signs are there; layer l reads plane l % 2 and writes plane (l + 1) % 2.
        var writer = new int[2, geometry.Blocks];
        for (int phase = 0; phase < phases[0].Count; phase++)
            foreach (List<List<(int Layer, int First, int End, nint Fold)>> part in phases)
                foreach ((int layer, int first, int end, _) in part[phase])
                {
                    for (int block = Math.Max(0, first - reach); layer > 0 && block < Math.Min(geometry.Blocks, end + reach); block++)
                        Assert.Equal(layer, writer[layer % 2, block]);
                    for (int block = first; block < end; block++) writer[(layer + 1) % 2, block] = layer + 1;
                }
    }

    // Folded, a tensor lies where earlier chunks of it were. Every layer makes one, which all later ones read.
    [Theory]
    [InlineData(256, 256, "0 0 0 1 1 1 1 1", 1)]
    [InlineData(256, 256, "0 0 0 1 1 1 1 1", 2)]
    [InlineData(700, 300, "0 1 2 3", 3)]
    [InlineData(700, 300, "0 1 1 1 2 2 4 4", 2)]
    [InlineData(500, 40, "0 1 2", 2)]
    public void Folded_tensors_last_until_the_last_layer_has_read_them(int height, int width, string delays, int parts)
    {
        const int channels = 112;
        byte[] behind = Parse(delays);
        var geometry = new PlaneGeometry(height, width, 1, 1);
        List<List<(int Layer, int First, int End, nint Fold)>>[] phases = [.. Enumerable.Range(0, parts).Select(part => Phases(geometry, channels, behind, 1, 1, part, parts))];
        var memory = new int[behind.Length, geometry.Blocks];
        var touched = new HashSet<int>();
        for (int phase = 0; phase < phases[0].Count; phase++)
            foreach (List<List<(int Layer, int First, int End, nint Fold)>> part in phases)
                foreach ((int layer, int first, int end, nint fold) in part[phase])
                    for (int block = first; block < end; block++)
                    {
                        int place = block - (int)(fold / PlaneGeometry.BlockPixels);
                        touched.Add(place);
                        for (int earlier = 0; earlier < layer; earlier++) Assert.Equal(block, memory[earlier, place]);
                        memory[layer, place] = block;
                    }

        int chunk = (geometry.Pitch + 1 + PlaneGeometry.BlockPixels - 1) / PlaneGeometry.BlockPixels, inFlight = behind[^1] + 1;
        Assert.InRange(touched.Count, 1, (inFlight * chunk * parts) + (2 * behind[^1] * chunk * (parts - 1)));
    }

    // Layers of one delay pass a tensor on within a chunk, which therefore lies where the chunk before it did.
    [Theory]
    [InlineData(256, 256, "0 0 0 1 1 1 1 1", 1)]
    [InlineData(700, 300, "0 1 1 1 2 2 4 4", 2)]
    [InlineData(1100, 300, "0 0 2 2 2", 3)]
    public void Layers_of_one_delay_need_one_chunk(int height, int width, string delays, int parts)
    {
        byte[] behind = Parse(delays);
        var geometry = new PlaneGeometry(height, width, 1, 1);
        List<List<(int Layer, int First, int End, nint Fold)>>[] phases = [.. Enumerable.Range(0, parts).Select(part => Phases(geometry, 112, behind, 1, 1, part, parts, _ => 1))];
        var memory = new (int Layer, int Block)[geometry.Blocks];
        for (int phase = 0; phase < phases[0].Count; phase++)
            foreach (List<List<(int Layer, int First, int End, nint Fold)>> part in phases)
                foreach ((int layer, int first, int end, nint fold) in part[phase])
                    for (int block = first; block < end; block++)
                    {
                        int place = block - (int)(fold / PlaneGeometry.BlockPixels);
                        if (layer > 0 && behind[layer] == behind[layer - 1]) Assert.Equal((layer - 1, block), memory[place]);
                        memory[place] = (layer, block);
                    }
    }

    // The first layer makes rows, folded or not; the others read every pixel of their chunk, wherever the rows lie that it belongs to.
    [Theory]
    [InlineData(256, 256, "0 1 1 1 2", 1)]
    [InlineData(256, 256, "0 1 1 1 2", 2)]
    [InlineData(300, 500, "0 0 1 2 2", 2)]
    [InlineData(300, 500, "0 0 0", 3)]
    [InlineData(90, 2000, "0 1 3", 2)]
    [InlineData(2000, 41, "0 1 2", 3)]
    [InlineData(255, 512, "0 0 1", 1)]
    public void Rows_are_there_before_their_pixels_are_read(int height, int width, string delays, int parts)
    {
        byte[] behind = Parse(delays);
        var geometry = new PlaneGeometry(height, width, 1, 1);
        foreach (int chunks in new[] { 0, behind[^1] + 2 })
        {
            Wavefront Start(int part) => new(geometry, 112, behind, 1, 1, startsWithRows: true, ShareOf(part, parts));
            var memory = new int[geometry.Blocks * PlaneGeometry.BlockPixels];
            int[][] seen = [.. Enumerable.Range(0, parts).Select(_ => (int[])memory.Clone())];
            int most = Enumerable.Range(0, parts).Max(part => CountPhases(Start(part)));
            for (int phase = 0; phase < most; phase++)
            {
                // What other threads write in the same phase may not be relied on.
                for (int part = 0; part < parts; part++) seen[part] = (int[])memory.Clone();
                for (int part = 0; part < parts; part++) RunPhase(Start(part), phase, geometry, chunks, seen[part], memory);
            }
        }
    }

    private static int CountPhases(Wavefront wavefront)
    {
        int phases = 1;
        while (wavefront.Next()) phases += wavefront.IsBarrier ? 1 : 0;
        return phases;
    }

    private static void RunPhase(Wavefront wavefront, int wanted, PlaneGeometry geometry, int chunks, int[] seen, int[] memory)
    {
        int phase = 0;
        while (wavefront.Next())
        {
            if (wavefront.IsBarrier) phase++;
            if (wavefront.IsBarrier || phase != wanted) continue;
            int fold = chunks > 0 ? (int)wavefront.Fold(chunks) : 0;
            for (int y = wavefront.FirstRow(chunks); wavefront.Layer == 0 && y < wavefront.EndRow; y++)
                for (int pixel = y * geometry.Pitch; pixel < (y * geometry.Pitch) + geometry.Width; pixel++) seen[pixel - fold] = memory[pixel - fold] = pixel;
            for (int pixel = wavefront.First * PlaneGeometry.BlockPixels; wavefront.Layer > 0 && pixel < Math.Min(wavefront.End * PlaneGeometry.BlockPixels, geometry.Height * geometry.Pitch); pixel++)
                if (pixel % geometry.Pitch < geometry.Width) Assert.Equal(pixel, seen[pixel - fold]);
        }
    }

    private static byte[] Parse(string delays) => [.. delays.Split(' ').Select(d => byte.Parse(d, System.Globalization.CultureInfo.InvariantCulture))];

    // What one thread does between barriers.
    private List<List<(int Layer, int First, int End, nint Fold)>> Phases(
        PlaneGeometry geometry, int channels, byte[] delays, int padY, int padX, int part, int parts, Func<byte[], int>? chunks = null)
    {
        var phases = new List<List<(int, int, int, nint)>> { new() };
        var wavefront = new Wavefront(geometry, channels, delays, padY, padX, startsWithRows: false, ShareOf(part, parts));
        int inFlight = chunks?.Invoke(delays) ?? delays[^1] + 1;
        while (wavefront.Next())
        {
            if (wavefront.IsBarrier) phases.Add([]);
            else phases[^1].Add((wavefront.Layer, wavefront.First, wavefront.End, wavefront.Fold(inFlight)));
        }

        return phases;
    }

    private ThreadShare ShareOf(int part, int parts)
    {
        double Bound(int i) => Math.Pow(i / (double)parts, skew);
        return new ThreadShare(part, parts, Bound(part), Bound(part + 1), Bound(1));
    }

    /// <summary>Threads have equal shares.</summary>
    public sealed class Equal() : WavefrontTests(1);

    /// <summary>Threads have unequal shares.</summary>
    public sealed class Unequal() : WavefrontTests(1.4);
}
