using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Bitloom.Generator;

/// <summary>One <c>BloomModel</c> item.</summary>
/// <param name="Path">Path as the build gives it, with forward slashes.</param>
/// <param name="Text">The descriptor; null where the file cannot be read.</param>
internal sealed record DescriptorFile(string Path, string? Text)
{
    // Written by Bitloom.targets. Additional files of other tools share the same list and may have any extension.
    private const string ItemTypeOption = "build_metadata.AdditionalFiles.SourceItemType";

    /// <summary>True where the additional file was listed as a <c>BloomModel</c> item.</summary>
    internal static bool IsBloomModel(AdditionalText file, AnalyzerConfigOptionsProvider options) =>
        options.GetOptions(file).TryGetValue(ItemTypeOption, out string? itemType) && itemType == "BloomModel";

    /// <summary>Reads the file through the host, which knows unsaved editor buffers.</summary>
    internal static DescriptorFile Of(AdditionalText file, CancellationToken cancellation) =>
        new(file.Path.Replace('\\', '/'), file.GetText(cancellation)?.ToString());
}
