using System.Buffers.Binary;
using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Import.Onnx.Protobuf;
using Google.Protobuf;

namespace Bitloom.Import.Onnx.Export;

/// <summary>
/// Constants of the file: weights under their own names and small numbers under names that say their value, each once, however many
/// nodes read it. The bytes are counted before memory is taken for them.
/// </summary>
/// <param name="names">Names of the file.</param>
/// <param name="target">The list to append to.</param>
internal sealed class Initialisers(ValueNames names, IList<TensorProto> target)
{
    private const int Float = 1;
    private const int Integer64 = 7;

    // Longer vectors, such as channels to select, do not tell their values in their name.
    private const int MostInName = 8;

    // Protocol buffers end at 2 GiB; nodes and names get the rest.
    private const long MostBytes = int.MaxValue - (128L << 20);

    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>A weight in its own shape.</summary>
    internal string Weight(FloatTensor weight) => Weight(weight, weight.Shape);

    /// <summary>One value a channel, as a vector.</summary>
    internal string Vector(FloatTensor weight) => Weight(weight, [weight.Values.Count]);

    /// <summary>One value a channel, in the shape that repeats over pixels: channels x 1 x 1.</summary>
    internal string PerChannel(FloatTensor weight) => Weight(weight, [weight.Values.Count, 1, 1]);

    /// <summary>Binary weights as +1 and -1.</summary>
    internal string Signs(BitTensor weight) => Floats(
        "bits", weight.Name, weight.Shape, (long)weight.Shape[0] * weight.BitsPerOutput, i => weight[i / weight.BitsPerOutput, i % weight.BitsPerOutput] ? 1 : -1);

    /// <summary>One number without dimensions.</summary>
    internal string Real(float value) => Floats("number", string.Create(CultureInfo.InvariantCulture, $"constant.{value:R}"), [], 1, _ => value);

    /// <summary>Values that an operator needs in ONNX alone, by their place; equal names stand for equal values.</summary>
    /// <exception cref="ExportException">The file would be too large.</exception>
    internal string Made(string name, IReadOnlyList<int> dims, long count, Func<int, float> value) => Floats("made", name, dims, count, value);

    /// <summary>One whole number without dimensions.</summary>
    internal string Whole(long value) => Integers(string.Create(CultureInfo.InvariantCulture, $"integer.{value}"), [], [value]);

    /// <summary>A vector of whole numbers.</summary>
    internal string Wholes(params long[] values)
    {
        string text = string.Join('.', values.Select(v => v.ToString(CultureInfo.InvariantCulture)));
        return Integers(values.Length <= MostInName ? $"integers.{text}" : "integers", [values.Length], values);
    }

    private string Weight(FloatTensor weight, IReadOnlyList<int> dims) => Floats("weight", weight.Name, dims, weight.Values.Count, i => weight.Values[i]);

    private string Floats(string kind, string name, IReadOnlyList<int> dims, long count, Func<int, float> value)
    {
        string key = $"{kind} {name} [{string.Join(',', dims)}]";
        if (_known.TryGetValue(key, out string? known)) return known;
        var bytes = new byte[Count(sizeof(float) * count)];
        for (int i = 0; i < count; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), value(i));
        return _known[key] = Append(name, Float, dims, bytes);
    }

    private string Integers(string name, IReadOnlyList<int> dims, long[] values)
    {
        string key = $"integers {dims.Count} {string.Join(',', values)}";
        if (_known.TryGetValue(key, out string? known)) return known;
        var bytes = new byte[Count(sizeof(long) * (long)values.Length)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        return _known[key] = Append(name, Integer64, dims, bytes);
    }

    private long Count(long bytes)
    {
        _bytes += bytes;
        return _bytes <= MostBytes ? bytes : throw new ExportException(
            "its constants take more than an ONNX file's 2 GB, for binary weights take 32 times the room there: export parts of the network one by one");
    }

    private string Append(string name, int type, IReadOnlyList<int> dims, byte[] bytes)
    {
        var tensor = new TensorProto { Name = names.Take(name), DataType = type, RawData = UnsafeByteOperations.UnsafeWrap(bytes) };
        tensor.Dims.AddRange(dims.Select(d => (long)d));
        target.Add(tensor);
        return tensor.Name;
    }
}
