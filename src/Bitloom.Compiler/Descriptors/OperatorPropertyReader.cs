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

    /// <summary>The properties <c>stride</c>, <c>pad</c> and <c>dilation</c>.</summary>
    public Window Window()
    {
        int[] stride = OneOrAll("stride", 2, 1, 1), pad = OneOrAll("pad", 4, 0, 0), dilation = OneOrAll("dilation", 2, 1, 1);
        return new Window(stride[0], stride[1], pad[0], pad[1], pad[2], pad[3], dilation[0], dilation[1]);
    }

    private int[] OneOrAll(string name, int count, int least, int fallback)
    {
        JsonValue? value = node.Find(name);
        if (value is null) return [.. Enumerable.Repeat(fallback, count)];
        if (value.Kind != JsonTokenType.StartArray)
            return [.. Enumerable.Repeat(node.IntegerOf(value, $"'{name}'", least, DescriptorLimits.Window) ?? least, count)];
        if (value.Items.Count == count)
            return [.. value.Items.Select(i => node.IntegerOf(i, $"each number of '{name}'", least, DescriptorLimits.Window) ?? least)];
        string order = count == 2 ? "vertical, horizontal" : "top, left, bottom, right";
        node.Fail(BloomRules.InvalidProperty, node.At(value), FormattableString.Invariant($"'{name}' must be one whole number or an array of {count} ({order}), not an array of {value.Items.Count}"));
        return [.. Enumerable.Repeat(fallback, count)];
    }

    private bool CheckKernel(string property, string weight, EquatableArray<int> shape)
    {
        if (shape.Count == 4 && Math.Max(shape[2], shape[3]) <= DescriptorLimits.Window) return true;
        SourceLocation location = node.Find(property) is { } value ? node.At(value) : node.Location;
        if (shape.Count == 4) node.Fail(BloomRules.LimitExceeded, location, FormattableString.Invariant($"the kernel of {Quoted.Name(weight)} is {shape[2]} x {shape[3]}; at most {DescriptorLimits.Window} x {DescriptorLimits.Window} is accepted"));
        else node.Fail(BloomRules.ShapeMismatch, location, FormattableString.Invariant($"{Quoted.Name(weight)} has {shape.Count} dimensions: a convolution's weight has 4 (output channels, input channels a group, height, width)"));
        return false;
    }
}
