using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;

namespace Bitloom.Generator;

/// <summary>What is wrong with a class, its choice of descriptor, or the network compiled for it.</summary>
internal static class ClassDiagnostics
{
    /// <summary>All messages about one class, at places as they are now.</summary>
    internal static EquatableArray<PlacedDiagnostic> Of(
        AttributedClass attributed, IReadOnlyCollection<ReadModel> models, IReadOnlyCollection<EmittedModel> emitted)
    {
        if (attributed.TargetProblem is { } problem) return [new(BloomRules.InvalidTarget, problem, attributed.Place)];

        string name = attributed.Request.Descriptor;
        string[] paths = models.Select(model => model.Path).ToArray();
        IReadOnlyList<string> found = DescriptorSearch.Find(name, paths);
        if (found.Count == 0) return [new(BloomRules.ModelNotFound, DescriptorSearch.DescribeMissing(name, paths), attributed.Place)];
        if (found.Count > 1) return [new(BloomRules.ModelNotFound, DescriptorSearch.DescribeAmbiguous(name, found), attributed.Place)];

        ReadModel model = models.First(candidate => candidate.Path == found[0]);
        return emitted.Where(candidate => candidate.Request == attributed.Request)
            .SelectMany(candidate => candidate.Diagnostics)
            .Select(diagnostic => new PlacedDiagnostic(diagnostic.Rule, diagnostic.Message, model.Places[diagnostic.Anchor]))
            .ToEquatableArray();
    }
}
