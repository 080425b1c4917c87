using System.CommandLine;
using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;

namespace Bitloom.Tool;

/// <summary>A <c>.bloom</c> descriptor on disk.</summary>
/// <param name="Path">As the user wrote it.</param>
/// <param name="Text">Its content, not checked.</param>
internal sealed record ModelFile(string Path, string Text)
{
    /// <summary>The argument that every verb about a model starts with.</summary>
    internal static Argument<string> CreateArgument() => new("MODEL.bloom") { Description = "The network, as a .bloom descriptor." };

    /// <summary>Reads the file.</summary>
    /// <exception cref="BadInputException">The file cannot be read.</exception>
    internal static ModelFile Open(string path) => new(path, InputFiles.ReadText(path));

    /// <summary>The network in it.</summary>
    /// <exception cref="BadInputException">The descriptor is invalid.</exception>
    internal NetworkGraph ReadGraph() => Unwrap(DescriptorReader.Read(Text));

    /// <summary>A stage's result, or its first error with its place in this file.</summary>
    /// <exception cref="BadInputException">The stage has failed.</exception>
    internal T Unwrap<T>(Outcome<T> outcome)
        where T : class
    {
        if (outcome.Succeeded) return outcome.Value!;
        BloomDiagnostic[] errors = [.. outcome.Diagnostics.Where(d => d.IsError)];
        BloomDiagnostic first = errors[0];
        string more = errors.Length > 1 ? $" ({errors.Length - 1} more like it)" : "";
        throw new BadInputException($"{Path}{first.Location}", $"{first.Id}: {first.Message}{more}");
    }
}
