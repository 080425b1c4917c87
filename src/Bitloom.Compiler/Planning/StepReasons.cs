using Bitloom.Compiler.Emission;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>The sentences that explain a step in emitted code and in <c>explain</c>.</summary>
internal static class StepReasons
{
    internal static string Of(FlatSource source, Epilogue epilogue)
    {
        var parts = new List<string>
        {
            source switch
            {
                BinaryConvSource binary => OfSigns(binary.Operator, binary.Method),
                LayerNormSource => "mean and variance of each pixel are found while its channels are in cache",
                WinogradSource winograd => Winograd("half", winograd.Operator, "enough channels"),
                WinogradPatchSource winograd => Winograd("a quarter of", winograd.Operator, "enough channels and patches") + (winograd.Layout.SliceInputs is null ? "" : "; weights are combined just before few patches use them"),
                DepthwiseSource => "each channel by itself, a few rows at a time, so that a row of the input is loaded once for all of them",
                PackedPanelSource panel => FormattableString.Invariant($"inputs are packed{(panel.Inputs.Pad is null ? "" : " and padded")} from the caller's memory; {panel.Layout.Reason}"),
                PanelSource panel => FormattableString.Invariant($"pixels are packed without gaps, padding or stride; {panel.Layout.Reason}"),
                ConvSource => "a tile of output channels by pixels stays in registers over all taps",
                _ => "elementwise, no kernel before it could take it",
            },
        };
        if (epilogue.Operations.Count > 0) parts.Add(FormattableString.Invariant($"{epilogue.Operations.Count} elementwise {(epilogue.Operations.Count == 1 ? "operation" : "operations")} fused"));
        if (source is PlaneSource { Operand.IsShifted: true } || epilogue.Operands.Any(o => o.IsShifted)) parts.Add("ghosts added where they lie");
        if (epilogue.FloatStore is { InPlace: true }) parts.Add("written in place of the residual");
        if (epilogue.FloatStore is null) parts.Add("only the signs are stored");
        if (epilogue.Shuffle is not null) parts.Add("pixel shuffle is where the store goes");
        if (epilogue.SignStores.Count > 0 || epilogue.Shuffle?.Sign is not null) parts.Add("signs for the next layer packed in the same pass");
        if (epilogue.FloatStore is { Clean: true }) parts.Add("margins kept at zero for a window that reads it");
        return string.Join("; ", parts);
    }

    private static string OfSigns(BinaryConv2d conv, BinaryMethod method)
    {
        int signs = conv.Weight.BitsPerOutput, outputs = conv.Weight.Shape[0] / conv.Groups;
        return method switch
        {
            BinaryMethod.Lookup => FormattableString.Invariant($"{signs} signs an output are looked up, {conv.Weight.Shape[1]} a tap, because {outputs} {(outputs == 1 ? "output" : "outputs")} a group do not pay for shared carries"),
            BinaryMethod.Quartets => FormattableString.Invariant($"{signs} signs are added bit-sliced, once for four outputs, in classes by how their weights differ"),
            _ => FormattableString.Invariant($"{signs} signs an output are added bit-sliced, with carries shared by all outputs of a group"),
        };
    }

    private static string Winograd(string share, WinogradConv2d conv, string enough) => conv.Ghosts is { } ghosts
        ? FormattableString.Invariant($"{share} the multiplications of a direct convolution; {GhostReads.Count(ghosts)} of {ghosts.Channels.Count} channels are ghosts, read at their offsets")
        : $"{share} the multiplications of a direct convolution, and {enough} to pay for the transforms";
}
