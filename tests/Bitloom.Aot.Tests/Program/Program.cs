using System.Globalization;
using Bitloom.Runtime;

namespace Bitloom.Aot.Program;

/// <summary>One binary unit between two full-precision convolutions.</summary>
[BloomModel("unit.bloom")]
public static partial class Unit;

/// <summary>
/// Runs a small network on a fixed image with every vector width and several threads. Prints a line for each run, in which every
/// bit of the result counts, so that two ways of building this program can be compared by their output.
/// </summary>
internal static class Program
{
    private const int Height = 13;

    private const int Width = 37;

    private static void Main()
    {
        foreach (VectorWidth vectorWidth in new[] { VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512 })
        {
            if (!VectorWidths.IsAccelerated(vectorWidth)) continue;
            foreach (int threads in new[] { 1, 2 })
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{vectorWidth} threads {threads} bits {RunOnce(vectorWidth, threads):x16}"));
        }
    }

    /// <summary>The FNV-1a hash of the bits of the result.</summary>
    private static ulong RunOnce(VectorWidth vectorWidth, int threads)
    {
        using Unit.Session session = Unit.Create(Height, Width, threads, vectorWidth);
        float[] image = new float[session.Inputs[0].Length], result = new float[session.Outputs[0].Length];
        uint state = 1;
        for (int i = 0; i < image.Length; i++)
        {
            // Numerical Recipes' generator; the top 24 bits are exact in fp32.
            state = unchecked((state * 1664525u) + 1013904223u);
            image[i] = (state >> 8) * (1f / (1 << 24));
        }

        session.Run(image, result);
        ulong hash = 14695981039346656037;
        foreach (float value in result) hash = unchecked((hash ^ BitConverter.SingleToUInt32Bits(value)) * 1099511628211);
        return hash;
    }
}
