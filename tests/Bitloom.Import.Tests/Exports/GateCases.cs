using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Tests.Exports;

/// <summary>Gates, for each branch that they may choose.</summary>
internal static class GateCases
{
    internal static IEnumerable<ExportCase> All()
    {
        for (int chosen = 0; chosen < 3; chosen++) yield return Branches(chosen);
        for (int chosen = 0; chosen < 2; chosen++) yield return Nested(chosen);
        yield return OfEquals();
    }

    /// <summary>
    /// Three branches: one of two nodes, one that an output reads as well, one the input itself. The first weights are shared.
    /// </summary>
    internal static ExportCase Branches(int chosen)
    {
        var draft = new ExportDraft(3, 5, 6);
        Scores(draft, "scores", chosen, 3);
        FloatTensor weight = draft.Weight(3, 3, 3, 3);
        draft.Add("small", new Conv2d(weight, null, Window.Padded(1)), "input");
        draft.Add("small.relu", new Relu(), "small");
        draft.Add("middle", new Conv2d(weight, draft.Weight(3), Window.Padded(1)), "input");
        draft.Add("gate", new Gate(["small", "middle", "none"]), "scores", "small.relu", "middle", "input");
        return draft.Finish(FormattableString.Invariant($"gate choosing {chosen}"), 1e-5, outputs: ["gate", "middle"]);
    }

    // A gate inside a branch; its own nodes run inside both.
    private static ExportCase Nested(int chosen)
    {
        var draft = new ExportDraft(2, 4, 5);
        Scores(draft, "outer", chosen, 2);
        Scores(draft, "inner", 1, 2);
        draft.Add("twice", new Scale(2), "input");
        draft.Add("thrice", new Scale(3), "input");
        draft.Add("inside", new Gate(["a", "b"]), "inner", "twice", "thrice");
        draft.Add("negative", new Scale(-1), "inside");
        draft.Add("plain", new Affine(null, draft.Weight(2)), "input");
        draft.Add("gate", new Gate(["deep", "plain"]), "outer", "negative", "plain");
        return draft.Finish(FormattableString.Invariant($"gate in a gate choosing {chosen}"), 1e-6);
    }

    private static ExportCase OfEquals()
    {
        var draft = new ExportDraft(2, 4, 5);
        draft.Add("mean", new GlobalAveragePool(), "input");
        draft.Add("zero", new Scale(0), "mean");
        draft.Add("scores", new SelectChannels([0, 1, 0, 1, 0]), "zero");
        string[] branches = [.. Enumerable.Range(1, 5).Select(i => draft.Add(FormattableString.Invariant($"times{i}"), new Scale(i), "input"))];
        draft.Add("gate", new Gate(["1", "2", "3", "4", "5"]), ["scores", .. branches]);
        return draft.Finish("gate of equal scores");
    }

    // Scores that do not depend on the image: 1 for the chosen branch, 0 for others.
    private static void Scores(ExportDraft draft, string name, int chosen, int branches)
    {
        draft.Add($"{name}.mean", new GlobalAveragePool(), "input");
        draft.Add($"{name}.zero", new Scale(0), $"{name}.mean");
        draft.Add($"{name}.zeros", new SelectChannels([.. new int[branches]]), $"{name}.zero");
        draft.Add(name, new Affine(null, FloatTensor.Vector($"{name}.bias", [.. Enumerable.Range(0, branches).Select(b => b == chosen ? 1f : 0)])), $"{name}.zeros");
    }
}
