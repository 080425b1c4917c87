using System.Globalization;
using Bitloom.Import.Onnx.Protobuf;

namespace Bitloom.Import.Onnx;

/// <summary>
/// Tensor data in files beside the model. Only plain relative names without links are followed, so that a model cannot read other
/// files of the user.
/// </summary>
/// <param name="folder">The model's folder, or null where it has none and external data is refused.</param>
internal sealed class ExternalData(string? folder)
{
    /// <summary>Reads exactly <paramref name="wanted"/> bytes.</summary>
    /// <exception cref="ImportException">The name, the range or the file cannot be used.</exception>
    internal byte[] Read(IEnumerable<StringStringEntryProto> entries, string place, long wanted)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (StringStringEntryProto entry in entries) fields[entry.Key] = entry.Value;
        if (!fields.TryGetValue("location", out string? location) || location.Length == 0) throw new ImportException($"{place}: its external data has no location; export the model again");
        if (folder is null) throw new ImportException($"{place}: its data is in another file, '{location}'; import the model from a file beside it");
        long offset = Number(fields, "offset", 0, place), length = Number(fields, "length", wanted, place);
        if (length != wanted) throw new ImportException(FormattableString.Invariant($"{place}: its shape needs {wanted} bytes, but its external data is {length} bytes; export the model again"));
        return ReadFile(Resolve(location, place), location, offset, length, place);
    }

    private string Resolve(string location, string place)
    {
        string[] parts = location.Split('/');
        if (Path.IsPathRooted(location) || location.AsSpan().IndexOfAny('\\', ':', '\0') >= 0 || parts.Any(p => p is "" or "." or ".."))
            throw new ImportException($"{place}: its external data is at '{location}', which is not a plain relative name; put the file into the model's folder");
        string path = folder!;
        foreach (string part in parts)
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null) throw new ImportException($"{place}: its external data '{location}' is behind a link; put the file itself into the model's folder");
        }

        return path;
    }

    private static byte[] ReadFile(string path, string location, long offset, long length, string place)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (offset > stream.Length || length > stream.Length - offset)
                throw new ImportException(FormattableString.Invariant($"{place}: needs bytes {offset} to {offset + length} of '{location}', which holds {stream.Length}; is the file complete?"));
            stream.Position = offset;
            var bytes = new byte[length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{place}: its external data '{location}' cannot be read; put the file beside the model", error);
        }
    }

    private static long Number(Dictionary<string, string> fields, string key, long absent, string place)
    {
        if (!fields.TryGetValue(key, out string? text)) return absent;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new ImportException($"{place}: its external data has the {key} '{text}', which is not a number of bytes; export the model again");
    }
}
