using Bitloom.Compiler;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;

namespace Bitloom.Generator;

/// <summary>What reading one descriptor gave.</summary>
/// <param name="Path">Path of the descriptor.</param>
/// <param name="Content">The network; null where the descriptor is wrong.</param>
/// <param name="Diagnostics">What is wrong with the descriptor.</param>
/// <param name="Places">Present places of everything in <see cref="GraphLocations"/>, in that order, after the place of the file.</param>
internal sealed record ReadModel(
    string Path, NetworkContent? Content, EquatableArray<PlacedDiagnostic> Diagnostics, EquatableArray<SourcePlace> Places)
{
    /// <summary>The network without its places.</summary>
    internal ParsedModel Model => new(Path, Content);

    /// <summary>Reads a descriptor; a defect of the reader becomes a diagnostic.</summary>
    internal static ReadModel From(DescriptorFile file, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int[] lineStarts = LineStarts(file.Text ?? "");
        Outcome<NetworkContent> outcome = Read(file, cancellation);
        SourcePlace At(SourceLocation location) => SourcePlace.Of(file.Path, lineStarts, location);
        return new(
            file.Path,
            outcome.Value,
            outcome.Diagnostics.Select(d => new PlacedDiagnostic(d.Rule, d.Message, At(d.Location))).ToEquatableArray(),
            GraphLocations.Of(outcome.Value?.Graph).Select(At).ToEquatableArray());
    }

    private static Outcome<NetworkContent> Read(DescriptorFile file, CancellationToken cancellation)
    {
        if (file.Text is null)
        {
            return Outcome.Failure<NetworkContent>(BloomRules.ModelNotFound.At(
                SourceLocation.None, "The descriptor cannot be read: check that the file exists and that you may read it."));
        }

        try
        {
            Outcome<NetworkGraph> outcome = DescriptorReader.Read(file.Text);
            return new(outcome.Succeeded ? new NetworkContent(outcome.Value!) : null, outcome.Diagnostics);
        }
        catch (Exception exception) when (Defect.IsDefect(exception, cancellation))
        {
            return Outcome.Failure<NetworkContent>(Defect.Describe(exception, SourceLocation.None));
        }
    }

    private static int[] LineStarts(string text)
    {
        List<int> starts = [0];
        for (int end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n', end + 1)) starts.Add(end + 1);
        return [.. starts];
    }
}

/// <summary>A descriptor's path and network, wherever its nodes stand in the file.</summary>
/// <param name="Path">Path of the descriptor.</param>
/// <param name="Content">The network; null where the descriptor is wrong.</param>
internal sealed record ParsedModel(string Path, NetworkContent? Content);
