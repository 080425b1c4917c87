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
                BinaryConvSource { Operator.Weight: { } weight } => FormattableString.Invariant($"{weight.BitsPerOutput} signs an output are added bit-sliced, with carries shared by all outputs of a group"),
                LayerNormSource => "mean and variance of each pixel are found while its channels are in cache",
                ConvSource => "a tile of output channels by pixels stays in registers over all taps",
                _ => "elementwise, no kernel before it could take it",
            },
        };
        if (epilogue.Operations.Count > 0) parts.Add(FormattableString.Invariant($"{epilogue.Operations.Count} elementwise {(epilogue.Operations.Count == 1 ? "operation" : "operations")} fused"));
        if (epilogue.FloatStore is { InPlace: true }) parts.Add("written in place of the residual");
        if (epilogue.FloatStore is null) parts.Add("only the signs are stored");
        if (epilogue.Shuffle is not null) parts.Add("pixel shuffle is where the store goes");
        if (epilogue.SignStores.Count > 0 || epilogue.Shuffle?.Sign is not null) parts.Add("signs for the next layer packed in the same pass");
        if (epilogue.FloatStore is { Clean: true }) parts.Add("margins kept at zero for a window that reads it");
        return string.Join("; ", parts);
    }
}
