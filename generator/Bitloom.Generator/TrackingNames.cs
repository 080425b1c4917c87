namespace Bitloom.Generator;

/// <summary>Names of the generator's steps, as the incremental driver reports them; tests assert on them.</summary>
internal static class TrackingNames
{
    /// <summary>Path and text of every <c>BloomModel</c> item.</summary>
    public const string DescriptorFiles = nameof(DescriptorFiles);

    /// <summary>What reading each descriptor gave, with the places of its nodes.</summary>
    public const string ReadModels = nameof(ReadModels);

    /// <summary>The network in each descriptor, equal where the networks are equal.</summary>
    public const string ParsedModels = nameof(ParsedModels);

    /// <summary>Every class with the attribute, and where the attribute stands.</summary>
    public const string AttributedClasses = nameof(AttributedClasses);

    /// <summary>What to emit for each class, wherever it stands.</summary>
    public const string ModelRequests = nameof(ModelRequests);

    /// <summary>A request and its network: the unit that drives emission.</summary>
    public const string EmissionUnits = nameof(EmissionUnits);

    /// <summary>The compiler's answer to each unit.</summary>
    public const string EmittedModels = nameof(EmittedModels);

    /// <summary>The files of each unit under names unique in the compilation.</summary>
    public const string Sources = nameof(Sources);

    /// <summary>What is wrong with each descriptor by itself.</summary>
    public const string ReadDiagnostics = nameof(ReadDiagnostics);

    /// <summary>What is wrong with each class, its choice of descriptor, or the network compiled for it.</summary>
    public const string ClassDiagnostics = nameof(ClassDiagnostics);

    /// <summary>The steps on the way to emitted code.</summary>
    public static IReadOnlyList<string> Emission { get; } = [EmissionUnits, EmittedModels, Sources];

    /// <summary>All steps.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        DescriptorFiles, ReadModels, ParsedModels, AttributedClasses, ModelRequests,
        EmissionUnits, EmittedModels, Sources, ReadDiagnostics, ClassDiagnostics,
    ];
}
