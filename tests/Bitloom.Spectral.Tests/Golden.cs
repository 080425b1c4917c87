namespace Bitloom.Spectral.Tests;

/// <summary>The files that <c>Goldens/make_goldens.py</c> has made.</summary>
internal static class Golden
{
    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Goldens", name);

    internal static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>0, 1, 2, and so on.</summary>
    internal static float[] Ramp(int count, int first = 0) => [.. Enumerable.Range(first, count).Select(i => (float)i)];
}
