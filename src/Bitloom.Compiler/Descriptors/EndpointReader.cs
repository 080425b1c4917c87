using System.Text.Json;
using Bitloom.Compiler.Descriptors.Syntax;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Descriptors;

/// <summary>Reads the inputs and outputs of a network.</summary>
internal static class EndpointReader
{
    /// <summary>Free sizes that an input may have; a session is created with a value for each.</summary>
    public static readonly string[] Symbols = ["height", "width"];

    private static readonly string[] InputProperties = ["name", "channels", "height", "width", "multiple"];
    private static readonly string[] OutputProperties = ["name", "tensor"];

    /// <summary>An input, or null; its name, where it has one, goes into <paramref name="omitted"/> then.</summary>
    public static GraphInput? ReadInput(JsonValue element, HashSet<string> omitted, DiagnosticBag diagnostics)
    {
        if (ObjectReader.Open(element, "an input", diagnostics) is not { } input) return null;
        input.RejectUnknown(InputProperties);
        string? name = input.Name("name", "the input's name");
        int? channels = input.Require("channels", "the number of channels") is { } count
            ? input.IntegerOf(count, "'channels'", 1, DescriptorLimits.Channels) : null;
        int[] multiple = input.OneOrAll("multiple", 2, 1, 1, DescriptorLimits.Multiple);
        Extent? height = ReadExtent(input, "height", multiple[0]), width = ReadExtent(input, "width", multiple[1]);
        if (!input.Failed && name is not null && channels is not null && height is not null && width is not null)
            return new GraphInput(name, new TensorShape(channels.Value, height, width), input.Location);
        if (name is not null) omitted.Add(name);
        return null;
    }

    /// <summary>An output, or null.</summary>
    public static GraphOutput? ReadOutput(JsonValue element, DiagnosticBag diagnostics)
    {
        if (ObjectReader.Open(element, "an output", diagnostics) is not { } output) return null;
        output.RejectUnknown(OutputProperties);
        string? name = output.Name("name", "the output's name"), tensor = output.Name("tensor", "the input or node that makes it");
        return name is null || tensor is null ? null : new GraphOutput(name, tensor, output.Location);
    }

    private static Extent? ReadExtent(ObjectReader input, string property, int multiple)
    {
        if (input.Require(property, "a number of pixels, or \"height\" or \"width\" for a free size") is not { } value) return null;
        if (value.Kind != JsonTokenType.String)
            return input.IntegerOf(value, $"'{property}'", 1, DescriptorLimits.Size) is { } pixels ? Extent.Constant(pixels) : null;
        if (value.Utf8.Length < 16 && Symbols.Contains(value.Text)) return Extent.Symbol(value.Text, multiple);
        input.Fail(BloomRules.InvalidProperty, input.At(value), $"'{property}' must be a number of pixels, or \"height\" or \"width\" for a free size, not {value.Shown}");
        return null;
    }
}
