using System.Buffers.Binary;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Onnx.Protobuf;

namespace Bitloom.Import.Onnx;

/// <summary>
/// Reads TensorProto: raw bytes, typed fields or external files. The claim of a shape is compared with the data that is there before
/// memory is taken for it.
/// </summary>
/// <param name="external">Reads data outside of the file.</param>
internal sealed class TensorReader(ExternalData external)
{
    private const int MostDims = 8;

    // Numbers of TensorProto.DataType with the bytes of an element.
    private static readonly Dictionary<int, (string Name, int Bytes)> Types = new()
    {
        [1] = ("FLOAT", 4),
        [2] = ("UINT8", 1),
        [3] = ("INT8", 1),
        [6] = ("INT32", 4),
        [7] = ("INT64", 8),
        [9] = ("BOOL", 1),
        [10] = ("FLOAT16", 2),
        [11] = ("DOUBLE", 8),
        [16] = ("BFLOAT16", 2),
    };

    /// <summary>The tensor's values.</summary>
    /// <param name="tensor">As in the file.</param>
    /// <param name="place">What messages call it, e.g. <c>initialiser 'w'</c>.</param>
    /// <exception cref="ImportException">Its shape, type and data contradict one another, or are not supported.</exception>
    internal OnnxValue Read(TensorProto tensor, string place)
    {
        if (!Types.TryGetValue(tensor.DataType, out (string Name, int Bytes) type))
            throw new ImportException(FormattableString.Invariant($"{place}: has data type {tensor.DataType}, which is not supported; store one of {string.Join(", ", Types.Values.Select(t => t.Name))}"));
        int[] dims = ReadDims(tensor, place, out long count);
        ReadOnlyMemory<byte> bytes = tensor.DataLocation == TensorProto.Types.DataLocation.External
            ? external.Read(tensor.ExternalData, place, checked(count * type.Bytes))
            : tensor.HasRawData ? tensor.RawData.Memory : ToBytes(tensor);
        if (bytes.Length != count * type.Bytes)
            throw new ImportException(FormattableString.Invariant($"{place}: its shape [{string.Join(", ", dims)}] needs {count * type.Bytes} bytes of {type.Name}, but it holds {bytes.Length}; export the model again"));
        return type.Name is "FLOAT" or "FLOAT16" or "DOUBLE" or "BFLOAT16"
            ? new FloatValue(new Grid<float>(dims, ReadFloats(bytes.Span, type.Name, (int)count)))
            : new IntegerValue(new Grid<Extent>(dims, ReadIntegers(bytes.Span, type.Name, (int)count)));
    }

    private static int[] ReadDims(TensorProto tensor, string place, out long count)
    {
        if (tensor.Dims.Count > MostDims) throw new ImportException(FormattableString.Invariant($"{place}: has {tensor.Dims.Count} dimensions; at most {MostDims} are possible"));
        count = 1;
        foreach (long dim in tensor.Dims)
        {
            if (dim is < 0 or > int.MaxValue || (dim > 0 && count > int.MaxValue / 8 / dim))
                throw new ImportException($"{place}: its shape [{string.Join(", ", tensor.Dims)}] is not possible; export the model again");
            count *= dim;
        }

        return [.. tensor.Dims.Select(d => (int)d)];
    }

    // Typed fields become the bytes that raw data would hold, so that there is one path for both.
    private static byte[] ToBytes(TensorProto tensor)
    {
        switch (tensor.DataType)
        {
            case 1:
                return Pack(tensor.FloatData, 4, (span, v) => BinaryPrimitives.WriteSingleLittleEndian(span, v));
            case 7:
                return Pack(tensor.Int64Data, 8, (span, v) => BinaryPrimitives.WriteInt64LittleEndian(span, v));
            case 11:
                return Pack(tensor.DoubleData, 8, (span, v) => BinaryPrimitives.WriteDoubleLittleEndian(span, v));
            case 6:
                return Pack(tensor.Int32Data, 4, (span, v) => BinaryPrimitives.WriteInt32LittleEndian(span, v));
            case 10 or 16:
                return Pack(tensor.Int32Data, 2, (span, v) => BinaryPrimitives.WriteUInt16LittleEndian(span, (ushort)v));
            default:
                return Pack(tensor.Int32Data, 1, (span, v) => span[0] = (byte)v);
        }
    }

    private delegate void Write<T>(Span<byte> target, T value);

    private static byte[] Pack<T>(IReadOnlyList<T> items, int size, Write<T> write)
    {
        var bytes = new byte[checked(items.Count * size)];
        for (int i = 0; i < items.Count; i++) write(bytes.AsSpan(i * size, size), items[i]);
        return bytes;
    }

    private static float[] ReadFloats(ReadOnlySpan<byte> bytes, string type, int count)
    {
        var values = new float[count];
        int size = count == 0 ? 1 : bytes.Length / count;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> at = bytes.Slice(i * size, size);
            values[i] = type switch
            {
                "FLOAT" => BinaryPrimitives.ReadSingleLittleEndian(at),
                "FLOAT16" => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
                "DOUBLE" => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(at) << 16),
            };
        }

        return values;
    }

    private static Extent[] ReadIntegers(ReadOnlySpan<byte> bytes, string type, int count)
    {
        var values = new Extent[count];
        int size = count == 0 ? 1 : bytes.Length / count;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> at = bytes.Slice(i * size, size);
            long value = type switch
            {
                "INT64" => BinaryPrimitives.ReadInt64LittleEndian(at),
                "INT32" => BinaryPrimitives.ReadInt32LittleEndian(at),
                "INT8" => (sbyte)at[0],
                "BOOL" => at[0] == 0 ? 0 : 1,
                _ => at[0],
            };
            values[i] = Extent.Constant((int)Math.Clamp(value, int.MinValue, int.MaxValue));
        }

        return values;
    }
}
