using System.Buffers.Binary;

namespace Bitloom.Runtime.Images;

/// <summary>
/// The checksum of PNG chunks: CRC-32 with the reversed polynomial 0xEDB88320. Eight tables let eight bytes be taken at once,
/// which makes it cheap beside inflating.
/// </summary>
internal static class Crc32
{
    private static readonly uint[][] Tables = BuildTables();

    /// <summary>Continues a checksum; start with 0.</summary>
    internal static uint Append(uint checksum, ReadOnlySpan<byte> data)
    {
        uint[][] tables = Tables;
        uint state = ~checksum;
        for (; data.Length >= 8; data = data[8..])
        {
            uint low = state ^ BinaryPrimitives.ReadUInt32LittleEndian(data), high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            state = tables[7][low & 255] ^ tables[6][(low >> 8) & 255] ^ tables[5][(low >> 16) & 255] ^ tables[4][low >> 24]
                ^ tables[3][high & 255] ^ tables[2][(high >> 8) & 255] ^ tables[1][(high >> 16) & 255] ^ tables[0][high >> 24];
        }

        foreach (byte value in data) state = (state >> 8) ^ tables[0][(state ^ value) & 255];
        return ~state;
    }

    // Table 0 advances the state over one byte; table n does the same for a byte with n bytes after it.
    private static uint[][] BuildTables()
    {
        var tables = new uint[8][];
        for (int table = 0; table < tables.Length; table++) tables[table] = new uint[256];
        for (uint value = 0; value < 256; value++)
        {
            uint state = value;
            for (int bit = 0; bit < 8; bit++) state = (state & 1) != 0 ? (state >> 1) ^ 0xEDB88320 : state >> 1;
            tables[0][value] = state;
        }

        for (int table = 1; table < tables.Length; table++)
            for (int value = 0; value < 256; value++)
                tables[table][value] = (tables[table - 1][value] >> 8) ^ tables[0][tables[table - 1][value] & 255];
        return tables;
    }
}
