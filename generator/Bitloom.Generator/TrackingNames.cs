namespace Bitloom.Generator;

/// <summary>Names of the generator's steps, as the incremental driver reports them; tests assert on them.</summary>
internal static class TrackingNames
{
    /// <summary>Path and text of every <c>BloomModel</c> item.</summary>
    public const string DescriptorFiles = nameof(DescriptorFiles);

    /// <summary>The graph in each descriptor, equal where the networks are equal.</summary>
    public const string ParsedModels = nameof(ParsedModels);

    /// <summary>What reading each descriptor had to say, and where its nodes stand.</summary>
    public const string ReadReports = nameof(ReadReports);

    /// <summary>Every class with the attribute, and where the attribute stands.</summary>
    public const string AttributedClasses = nameof(AttributedClasses);

    /// <summary>What to emit for each class, wherever it stands.</summary>
    public const string ModelRequests = nameof(ModelRequests);

    /// <summary>A request and its network: the unit that drives emission.</summary>
    public const string EmissionUnits = nameof(EmissionUnits);

    /// <summary>The compiler's answer to each unit.</summary>
    public const string EmittedModels = nameof(EmittedModels);

    /// <summary>The C# of each unit.</summary>
    public const string Sources = nameof(Sources);

    /// <summary>Everything to report, at its present place.</summary>
    public const string Diagnostics = nameof(Diagnostics);

    /// <summary>All of the above.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        DescriptorFiles, ParsedModels, ReadReports, AttributedClasses, ModelRequests, EmissionUnits, EmittedModels, Sources, Diagnostics,
    ];
}
