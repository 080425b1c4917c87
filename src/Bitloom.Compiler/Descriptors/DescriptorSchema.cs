namespace Bitloom.Compiler.Descriptors;

/// <summary>The JSON Schema (2020-12) of descriptors, for editors and other tools.</summary>
public static class DescriptorSchema
{
    /// <summary>The schema's text, from the library's own resources.</summary>
    public static string Read()
    {
        using var reader = new System.IO.StreamReader(typeof(DescriptorSchema).Assembly.GetManifestResourceStream("bloom.schema.json"));
        return reader.ReadToEnd();
    }
}
