using System.Globalization;
using Bitloom.Compiler;

namespace Bitloom.Generator;

/// <summary>
/// Names emitted files so that no two in a compilation clash: the full name of the class, then what the compiler calls the part.
/// </summary>
internal static class HintNames
{
    /// <summary>The files of a model under names unique among all <paramref name="requests"/>.</summary>
    internal static EquatableArray<SourceFile> Assign(EmittedModel model, IReadOnlyCollection<ModelRequest> requests)
    {
        // The host compares hint names without case, C# compares classes with it.
        string fullName = model.Request.FullName;
        int namesakes = requests.Count(other =>
            string.Equals(other.FullName, fullName, StringComparison.OrdinalIgnoreCase) && string.CompareOrdinal(other.FullName, fullName) < 0);
        string prefix = namesakes == 0 ? fullName : fullName + "_" + (namesakes + 1).ToString(CultureInfo.InvariantCulture);
        return model.Files.Select(file => file with { HintName = prefix + "." + Part(file.HintName, model.Request) }).ToEquatableArray();
    }

    // 'Upscaler.Kernels512.g.cs' is part 'Kernels512.g.cs' of Upscaler, with or without the namespace in front.
    private static string Part(string hintName, ModelRequest request)
    {
        string plain = hintName.Replace("@", "");
        foreach (string start in new[] { request.FullName + ".", request.ClassName.Replace("@", "") + "." })
            if (plain.StartsWith(start, StringComparison.Ordinal)) return plain.Substring(start.Length);
        return plain;
    }
}
