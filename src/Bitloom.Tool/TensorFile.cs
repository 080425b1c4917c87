using Bitloom.Compiler;
using Bitloom.Import;
using Bitloom.Import.Safetensors;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Tool;

/// <summary>
/// Tensors of one image in a safetensors file: 1 x channels x height x width, or without the first dimension; values without a place in
/// the image, such as scores of classes, also as 1 x channels.
/// </summary>
internal static class TensorFile
{
    /// <summary>All tensors of a file by name.</summary>
    /// <exception cref="BadInputException">The file is missing or damaged, a shape is not that of one image, or a value is not finite.</exception>
    internal static Dictionary<string, Tensor> Read(string path)
    {
        using var stream = new MemoryStream(InputFiles.ReadBytes(path));
        try
        {
            return SafetensorsReader.Read(stream, path).ToDictionary(t => t.Name, t => ToTensor(path, t));
        }
        catch (ImportException failure)
        {
            throw new BadInputException(failure.Message);
        }
    }

    /// <summary>Writes tensors as 1 x channels x height x width.</summary>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    internal static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [.. tensors.Select(t => new NamedTensor(t.Key, [1, t.Value.Channels, t.Value.Height, t.Value.Width], t.Value.Values))]);
        OutputFiles.Write(path, stream.ToArray());
    }

    private static Tensor ToTensor(string path, NamedTensor tensor)
    {
        EquatableArray<int> shape = tensor.Shape;
        if (shape.Count == 2) shape = [shape[0], shape[1], 1, 1];
        int first = shape.Count - 3;
        if (first is not (0 or 1) || (first == 1 && shape[0] != 1) || tensor.Values.Length == 0)
            throw new BadInputException(path, $"'{tensor.Name}' has the shape [{string.Join(", ", tensor.Shape)}]", "store one image as [1, channels, height, width] or [channels, height, width]");
        int odd = Array.FindIndex(tensor.Values, v => !float.IsFinite(v));
        if (odd >= 0)
            throw new BadInputException(path, $"'{tensor.Name}' holds {(float.IsNaN(tensor.Values[odd]) ? "NaN" : "an infinity")} at value {odd}", "store finite values");
        return new Tensor(shape[first], shape[first + 1], shape[first + 2], tensor.Values);
    }
}
