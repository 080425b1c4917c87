using System.Text;
using System.Text.Json;

namespace Bitloom.Tool;

/// <summary>Writes one JSON object on one line.</summary>
internal static class JsonLine
{
    /// <summary>The line.</summary>
    /// <param name="write">Writes the object's properties.</param>
    internal static string Of(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
