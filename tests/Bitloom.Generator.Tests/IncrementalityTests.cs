using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Bitloom.Generator.Tests;

/// <summary>Laws of what is computed again after an edit: the generator runs at every keystroke, and networks are large.</summary>
public class IncrementalityTests
{
    private const string Source = """
        using Bitloom;

        namespace Demo;

        [BloomModel("tiny.bloom")]
        public static partial class Tiny;
        """;

    private static readonly Dictionary<string, string> TinyOnly = new() { ["models/tiny.bloom"] = Networks.Descriptor() };

    private readonly StandInCompiler _compiler = new();

    [Fact]
    public void RunningTwiceIsCachedEverywhere()
    {
        GeneratorRun second = GeneratorRun.Of(_compiler, Source, TinyOnly).Again();

        Assert.All(TrackingNames.All, step => AssertReused(second, step));
        Assert.Equal(["Tiny"], _compiler.Compiled);
    }

    [Fact]
    public void UnrelatedEditReRunsNothing()
    {
        GeneratorRun edited = GeneratorRun.Of(_compiler, Source, TinyOnly)
            .WithAnotherSource("public class Unrelated { public int Value => 1; }");

        Assert.All(TrackingNames.All, step => AssertReused(edited, step));
        Assert.Equal(["Tiny"], _compiler.Compiled);
    }

    [Fact]
    public void ClassThatMovesReEmitsNothing()
    {
        GeneratorRun edited = GeneratorRun.Of(_compiler, Source, TinyOnly)
            .WithSource(Source.Replace("namespace Demo;", "namespace Demo;\n\npublic class Above;", StringComparison.Ordinal));

        Assert.Contains(IncrementalStepRunReason.Modified, edited.ReasonsOf(TrackingNames.AttributedClasses));
        Assert.All(TrackingNames.Emission, step => AssertReused(edited, step));
        Assert.Equal(["Tiny"], _compiler.Compiled);
    }

    [Fact]
    public void CommentInDescriptorReEmitsNothing()
    {
        GeneratorRun edited = GeneratorRun.Of(_compiler, Source, TinyOnly)
            .WithDescriptor("models/tiny.bloom", "// Trained on Tuesday.\n\n" + Networks.Descriptor());

        Assert.Contains(IncrementalStepRunReason.Modified, edited.ReasonsOf(TrackingNames.ReadModels));
        AssertReused(edited, TrackingNames.ParsedModels);
        Assert.All(TrackingNames.Emission, step => AssertReused(edited, step));
        Assert.Equal(["Tiny"], _compiler.Compiled);
    }

    [Theory]
    [InlineData("tiny", 0.75f, "Two layers.")]
    [InlineData("tiny", 0.5f, "Other words.")]
    [InlineData("renamed", 0.5f, "Two layers.")]
    public void ChangeThatEmittedCodeShowsReEmits(string name, float scale, string description)
    {
        GeneratorRun edited = GeneratorRun.Of(_compiler, Source, TinyOnly)
            .WithDescriptor("models/tiny.bloom", Networks.Descriptor(name, scale, description));

        Assert.Equal([IncrementalStepRunReason.Modified], edited.ReasonsOf(TrackingNames.EmissionUnits));
        Assert.Equal(["Tiny", "Tiny"], _compiler.Compiled);
    }

    [Fact]
    public void ChangedModelLeavesTheOtherAlone()
    {
        string source = Source + "\n\n[BloomModel(\"other.bloom\")]\npublic static partial class Other;";
        Dictionary<string, string> descriptors = new(TinyOnly) { ["models/other.bloom"] = Networks.Descriptor("other") };

        GeneratorRun edited = GeneratorRun.Of(_compiler, source, descriptors)
            .WithDescriptor("models/other.bloom", Networks.Descriptor("other", scale: 2));

        Assert.Equal(["Tiny", "Other", "Other"], _compiler.Compiled);
        Assert.Equal(2, edited.ReasonsOf(TrackingNames.EmittedModels).Count());
    }

    [Fact]
    public void DiagnosticFollowsItsNodeWithoutCompilingAgain()
    {
        var compiler = new StandInCompiler { RefusedNode = "rectify" };
        string descriptor = Networks.Descriptor();
        int line = Networks.LineOf(descriptor, "rectify");

        GeneratorRun first = GeneratorRun.Of(compiler, Source, TinyOnly);
        GeneratorRun edited = first.WithDescriptor("models/tiny.bloom", "// One line.\n// Another line.\n" + descriptor);

        Assert.StartsWith($"models/tiny.bloom({line},", Assert.Single(first.Messages), StringComparison.Ordinal);
        Assert.StartsWith($"models/tiny.bloom({line + 2},", Assert.Single(edited.Messages), StringComparison.Ordinal);
        Assert.Single(compiler.Compiled);
    }

    [Fact]
    public void StepsKeepNothingOfRoslynAlive()
    {
        string source = Source + "\n\n[BloomModel(\"missing.bloom\")]\npublic static partial class Missing;";
        GeneratorRun run = GeneratorRun.Of(new StandInCompiler { RefusedNode = "rectify" }, source, TinyOnly);

        foreach (string step in TrackingNames.All)
        {
            object?[] outputs = [.. run.OutputsOf(step)];
            Assert.NotEmpty(outputs);
            Assert.All(outputs, output => Assert.Null(FindRoslynObject(output, step, [])));
        }
    }

    private static void AssertReused(GeneratorRun run, string step)
    {
        IncrementalStepRunReason[] reasons = [.. run.ReasonsOf(step)];
        Assert.NotEmpty(reasons);
        Assert.All(reasons, reason => Assert.True(
            reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step} was {reason}."));
    }

    /// <summary>The path to an object of Microsoft.CodeAnalysis within an object graph; null where there is none.</summary>
    private static string? FindRoslynObject(object? node, string path, HashSet<object> seen)
    {
        if (node is null or string || node.GetType().IsPrimitive || node.GetType().IsEnum) return null;
        if (node.GetType().Namespace?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true) return $"{path}: {node.GetType()}";
        if (node is Type or Assembly || (!node.GetType().IsValueType && !seen.Add(node))) return null;
        if (node is IEnumerable elements)
            foreach (object? element in elements)
                if (FindRoslynObject(element, path + "[]", seen) is { } found) return found;

        for (Type? type = node.GetType(); type is not null; type = type.BaseType)
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                if (!field.FieldType.IsPointer && FindRoslynObject(field.GetValue(node), $"{path}.{field.Name}", seen) is { } found) return found;

        return null;
    }
}
