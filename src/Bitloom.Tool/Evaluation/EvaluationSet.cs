using Bitloom.Jpeg;

namespace Bitloom.Tool;

/// <summary>The pictures of a folder that a network's quality is measured on.</summary>
internal static class EvaluationSet
{
    private const string HighResolutionFolder = "HR";
    private const string HighResolutionSuffix = "_HR";

    /// <summary>
    /// Paths of the high-resolution pictures, in the order of their names. Test sets come in three layouts: pictures in the folder
    /// itself, in a sub-folder <c>HR</c>, or beside low-resolution versions with names that end in <c>_HR</c>.
    /// </summary>
    /// <exception cref="BadInputException">The folder does not exist or holds no picture that can be read.</exception>
    internal static IReadOnlyList<string> Find(string folder)
    {
        if (!Directory.Exists(folder)) throw new BadInputException(folder, "no such folder", "give a folder of pictures with --data");
        string nested = Path.Combine(folder, HighResolutionFolder);
        string[] files = Directory.GetFiles(Directory.Exists(nested) ? nested : folder);
        string[] pictures = [.. files.Where(PictureFile.IsPicture).Order(StringComparer.Ordinal)];
        if (pictures.Length == 0) throw new BadInputException(folder, "holds no pictures", "put PNG, PPM, PGM or JPEG files there, or in a sub-folder HR");

        string[] marked = [.. pictures.Where(p => Path.GetFileNameWithoutExtension(p).EndsWith(HighResolutionSuffix, StringComparison.OrdinalIgnoreCase))];
        return marked.Length > 0 ? marked : pictures;
    }

    /// <summary>The pictures whose names, without extensions, are the lines of a text file.</summary>
    /// <param name="pictures">Paths to choose from.</param>
    /// <param name="list">The text file.</param>
    /// <exception cref="BadInputException">The file cannot be read, or names a picture that is not there.</exception>
    internal static IReadOnlyList<string> Choose(IReadOnlyList<string> pictures, string list)
    {
        var byName = pictures.ToLookup(p => Path.GetFileNameWithoutExtension(p), StringComparer.Ordinal);
        string[] names = [.. InputFiles.ReadText(list).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        if (names.Length == 0) throw new BadInputException(list, "names no pictures", "write one name a line");
        return names.FirstOrDefault(n => !byName.Contains(n)) is { } missing
            ? throw new BadInputException(list, $"names '{missing}', which is not in the folder", "correct the list or give its folder with --data")
            : [.. names.Select(n => byName[n].First())];
    }
}
