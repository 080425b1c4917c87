namespace Classify;

/// <summary>Names of the classes in the order of the network's scores, from the file that training wrote beside the network.</summary>
internal static class Labels
{
    internal static IReadOnlyList<string> All { get; } = Read();

    private static string[] Read()
    {
        using var reader = new StreamReader(typeof(Labels).Assembly.GetManifestResourceStream("labels.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
