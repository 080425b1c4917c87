using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>Writes weights as base64 literals of bytes, little-endian, one property each.</summary>
internal static class WeightEmitter
{
    /// <summary>Constants of a step: for each channel its values one after the other.</summary>
    internal static string Constants(FlatStep step)
    {
        EquatableArray<FloatTensor> tensors = step.Epilogue.Constants;
        var values = new float[step.Channels * tensors.Count];
        for (int channel = 0; channel < step.Channels; channel++)
            for (int i = 0; i < tensors.Count; i++) values[(channel * tensors.Count) + i] = tensors[i].Values[channel];
        return Base64(values);
    }

    internal static string Base64(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            uint bits = Bits(values[i]);
            for (int b = 0; b < 4; b++) bytes[(4 * i) + b] = (byte)(bits >> (8 * b));
        }

        return Convert.ToBase64String(bytes);
    }

    internal static string Base64(ReadOnlySpan<ulong> words)
    {
        var bytes = new byte[words.Length * sizeof(ulong)];
        for (int i = 0; i < words.Length; i++)
            for (int b = 0; b < 8; b++) bytes[(8 * i) + b] = (byte)(words[i] >> (8 * b));
        return Convert.ToBase64String(bytes);
    }

    /// <summary>A property that holds base64 text.</summary>
    internal static void Property(CodeWriter writer, string name, string summary, string base64)
    {
        writer.Line($"/// <summary>{Literal.Xml(summary)}</summary>");
        writer.Line($"internal static ReadOnlySpan<byte> {name} => \"{base64}\"u8;");
    }

    private static uint Bits(float value) => BitConverter.ToUInt32(BitConverter.GetBytes(value), 0);
}
