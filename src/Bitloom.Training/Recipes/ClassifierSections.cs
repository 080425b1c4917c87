using Bitloom.Compiler;
using Bitloom.Compiler.Operators;

namespace Bitloom.Training.Recipes;

/// <summary>Reads what recipes say of classifiers and of the choice between resolutions.</summary>
internal static class ClassifierSections
{
    private const int MostClasses = 1 << 20, MostBlocks = 64, LargestResolution = 4096, LargestStem = 15, MostChannels = 1024;

    internal static ClassifierRecipe ReadNetwork(SectionReader section, string architecture)
    {
        bool isGated = architecture == NetworkRecipe.Gated;
        int classes = section.Integer("classes", 2, MostClasses, null), stem = ReadStem(section, "stem");
        EquatableArray<int> blocks = section.Integers("blocks", 1, MostBlocks, [2, 2, 2, 2]);
        if (!isGated)
        {
            int resolution = section.Integer("resolution", 0, LargestResolution, 0);
            return new ClassifierRecipe(classes, blocks, stem, resolution == 0 ? [] : [resolution], null);
        }

        EquatableArray<int> resolutions = section.Integers("resolutions", 1, LargestResolution, null);
        if (resolutions.Count > 0 && (resolutions.Count is < 2 or > Gate.MostBranches || resolutions.Distinct().Count() < resolutions.Count))
            section.Fail("resolutions", Invariant($"'resolutions' must be 2 to {Gate.MostBranches} different sizes"));
        SectionReader predictor = section.Section("predictor", isRequired: false);
        var read = new PredictorRecipe(predictor.Integer("size", 1, LargestResolution, 128), predictor.Integer("channels", 1, MostChannels, 64), ReadStem(predictor, "stem"));
        predictor.Finish();
        return new ClassifierRecipe(classes, blocks, stem, resolutions, read);
    }

    internal static GatingRecipe ReadGating(SectionReader section)
    {
        var gating = new GatingRecipe(
            section.Real("eta", 0, 1e3f, 0.1f), section.Real("target", 0.01f, 1, 0.5f), section.Real("temperature", 1e-3f, 1e3f, 1),
            section.Real("noise", 0, 1e3f, 1), section.Real("everyResolution", 0, 1, 0));
        section.Finish();
        return gating;
    }

    // An even kernel has no middle.
    private static int ReadStem(SectionReader section, string name)
    {
        int size = section.Integer(name, 1, LargestStem, 7);
        if (size % 2 == 0) section.Fail(name, Invariant($"'{name}' must be odd, not {size}"));
        return size;
    }
}
