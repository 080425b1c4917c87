namespace Bitloom.Compiler.Emission;

/// <summary>Weights as base64 text of bytes, little-endian: one literal is one token to the C# compiler, however large.</summary>
internal static class WeightText
{
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

    private static uint Bits(float value) => BitConverter.ToUInt32(BitConverter.GetBytes(value), 0);
}
