using System.Text.Json;
using Bitloom.Compiler.Descriptors.Syntax;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors;

/// <summary>
/// Gives a codec the properties of one node. What is missing or wrong is reported, and a stand-in is returned, so that a codec
/// reads all its properties in one expression and every error of a node is reported at once.
/// </summary>
internal sealed class OperatorPropertyReader(ObjectReader node, WeightTable weights)
{
    private const string WeightName = "the name of a weight";

    private static readonly FloatTensor NoFloats = new("", [0, 0, 0, 0], []);
    private static readonly BitTensor NoBits = new("", [0, 0, 0, 0], []);

    /// <summary>A whole number within bounds.</summary>
    public int Integer(string name, int least, int most, int? fallback = null)
    {
        JsonValue? value = fallback is null ? node.Require(name, "a whole number") : node.Find(name);
        return (value is null ? fallback : node.IntegerOf(value, $"'{name}'", least, most)) ?? least;
    }

    /// <summary>A single-precision number.</summary>
    public float Real(string name, float? fallback = null)
    {
        JsonValue? value = fallback is null ? node.Require(name, "a number") : node.Find(name);
        return (value is null ? fallback : node.RealOf(value, $"'{name}'")) ?? 0;
    }

    /// <summary>A weight of one value a channel.</summary>
    public FloatTensor Float(string name) =>
        node.Require(name, WeightName) is { } value ? weights.FindFloat(value, name, node) ?? NoFloats : NoFloats;

    /// <summary>A weight of one value a channel, or null.</summary>
    public FloatTensor? OptionalFloat(string name) => node.Find(name) is { } value ? weights.FindFloat(value, name, node) : null;

    /// <summary>A float weight of a convolution: four dimensions, the kernel not larger than a window may be.</summary>
    public FloatTensor FloatKernel(string name)
    {
        FloatTensor tensor = Float(name);
        return CheckKernel(name, tensor.Name, tensor.Shape) ? tensor : NoFloats;
    }

    /// <summary>A one-bit weight of a convolution.</summary>
    public BitTensor BitKernel(string name)
    {
        BitTensor tensor = node.Require(name, WeightName) is { } value ? weights.FindBits(value, name, node) ?? NoBits : NoBits;
        return CheckKernel(name, tensor.Name, tensor.Shape) ? tensor : NoBits;
    }

    /// <summary>Whole numbers, at least one.</summary>
    public EquatableArray<int> Integers(string name, int least, int most, int mostItems)
    {
        IReadOnlyList<JsonValue> items = node.Items(name, "whole numbers") ?? [];
        if (items.Count > mostItems)
        {
            node.Fail(BloomRules.LimitExceeded, node.At(items[mostItems]), FormattableString.Invariant($"'{name}' holds {items.Count} numbers; at most {mostItems} are accepted"));
            return [];
        }

        return items.Select((item, i) => node.IntegerOf(item, FormattableString.Invariant($"'{name}'[{i}]"), least, most) ?? least).ToEquatableArray();
    }

    /// <summary>One of a few names, each a value of <typeparamref name="T"/> in lower case.</summary>
    public T Choice<T>(string name, T? fallback = null)
        where T : struct, Enum
    {
        JsonValue? value = fallback is null ? node.Require(name, "one of " + string.Join(", ", ChoiceText.Names<T>())) : node.Find(name);
        if (value is null) return fallback ?? default;
        if (value.Kind == JsonTokenType.String && ChoiceText.TryParse(value.Text, out T choice)) return choice;
        node.Fail(BloomRules.InvalidProperty, node.At(value), $"'{name}' must be one of {string.Join(", ", ChoiceText.Names<T>().Select(n => $"\"{n}\""))}, not {value.Shown}");
        return default;
    }

    /// <summary>Padding of four sides: top, left, bottom, right.</summary>
    public (int Top, int Left, int Bottom, int Right) Sides(string name)
    {
        int[] sides = Several(name, 4, 0, 0);
        return (sides[0], sides[1], sides[2], sides[3]);
    }

    /// <summary>Height and width.</summary>
    public (int Vertical, int Horizontal) Pair(string name, int least, int? fallback = null)
    {
        if (fallback is null && node.Require(name, "a whole number or an array of two (vertical, horizontal)") is null) return (least, least);
        int[] pair = Several(name, 2, least, fallback ?? least);
        return (pair[0], pair[1]);
    }

    /// <summary>Names, at least one.</summary>
    public EquatableArray<string> Names(string name, int mostItems)
    {
        IReadOnlyList<JsonValue> items = node.Items(name, "names") ?? [];
        if (items.Count > mostItems)
        {
            node.Fail(BloomRules.LimitExceeded, node.At(items[mostItems]), FormattableString.Invariant($"'{name}' holds {items.Count} names; at most {mostItems} are accepted"));
            return [];
        }

        return items.Select((item, i) => node.NameOf(item, FormattableString.Invariant($"'{name}'[{i}]")) ?? "").ToEquatableArray();
    }

    /// <summary>The properties <c>stride</c>, <c>pad</c> and <c>dilation</c>.</summary>
    public Window Window()
    {
        int[] stride = Several("stride", 2, 1, 1), pad = Several("pad", 4, 0, 0), dilation = Several("dilation", 2, 1, 1);
        return new Window(stride[0], stride[1], pad[0], pad[1], pad[2], pad[3], dilation[0], dilation[1]);
    }

    private int[] Several(string name, int count, int least, int fallback) => node.OneOrAll(name, count, least, fallback, DescriptorLimits.Window);

    private bool CheckKernel(string property, string weight, EquatableArray<int> shape)
    {
        if (shape.Count == 4 && Math.Max(shape[2], shape[3]) <= DescriptorLimits.Window) return true;
        SourceLocation location = node.Find(property) is { } value ? node.At(value) : node.Location;
        if (shape.Count == 4) node.Fail(BloomRules.LimitExceeded, location, FormattableString.Invariant($"the kernel of {Quoted.Name(weight)} is {shape[2]} x {shape[3]}; at most {DescriptorLimits.Window} x {DescriptorLimits.Window} is accepted"));
        else node.Fail(BloomRules.ShapeMismatch, location, FormattableString.Invariant($"{Quoted.Name(weight)} has {shape.Count} dimensions: a convolution's weight has 4 (output channels, input channels a group, height, width)"));
        return false;
    }
}
