using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.GoldenTests;

/// <summary>
/// fp32 tensors by name from a safetensors file. A reader of the tests' own, so that goldens do not pass through the importer
/// whose results they judge.
/// </summary>
internal sealed class GoldenFile
{
    private readonly Dictionary<string, (int[] Shape, float[] Values)> _tensors = [];

    private GoldenFile(byte[] bytes)
    {
        int length = checked((int)BinaryPrimitives.ReadInt64LittleEndian(bytes));
        using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, length));
        foreach (JsonProperty entry in header.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__"))
        {
            if (entry.Value.GetProperty("dtype").GetString() != "F32") throw new InvalidDataException($"'{entry.Name}' is not fp32.");
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32())];
            int[] range = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(d => d.GetInt32())];
            _tensors.Add(entry.Name, (shape, MemoryMarshal.Cast<byte, float>(bytes.AsSpan(8 + length)[range[0]..range[1]]).ToArray()));
        }
    }

    /// <summary>Names of all tensors.</summary>
    internal IEnumerable<string> Names => _tensors.Keys;

    /// <summary>Reads a file.</summary>
    internal static GoldenFile Read(string path) => new(File.ReadAllBytes(path));

    /// <summary>True where there is a tensor of that name.</summary>
    internal bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>Dimensions as stored.</summary>
    internal int[] Shape(string name) => _tensors[name].Shape;

    /// <summary>Values in row-major order.</summary>
    internal float[] Values(string name) => _tensors[name].Values;

    /// <summary>A weight of a graph.</summary>
    internal FloatTensor Weight(string name) => new(name, Shape(name).ToEquatableArray(), Values(name).ToEquatableArray());

    /// <summary>A weight with one value a channel, whatever dimensions of 1 it was stored with.</summary>
    internal FloatTensor Vector(string name) => FloatTensor.Vector(name, Values(name));

    /// <summary>An image: batch of one, channels, height, width.</summary>
    internal Tensor Image(string name) => Shape(name) is [1, int channels, int height, int width]
        ? new Tensor(channels, height, width, Values(name))
        : throw new InvalidDataException($"'{name}' is not one image: it is {string.Join(" x ", Shape(name))}.");

    /// <summary>All images that are not outputs.</summary>
    internal Dictionary<string, Tensor> Inputs() => Names.Where(n => n != "output").ToDictionary(n => n, Image);
}
