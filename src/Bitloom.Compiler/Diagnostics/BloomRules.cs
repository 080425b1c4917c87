namespace Bitloom.Compiler.Diagnostics;

/// <summary>Every rule that the compiler and the generator report, in the order of their ids.</summary>
public static class BloomRules
{
    /// <summary>The descriptor is not well-formed JSON.</summary>
    public static BloomRule MalformedJson { get; } = Error("001", "Descriptor is not well-formed JSON");

    /// <summary>A property is missing, unknown, repeated or of the wrong type.</summary>
    public static BloomRule InvalidProperty { get; } = Error("002", "Descriptor property is missing, unknown or of the wrong type");

    /// <summary>The descriptor's format version is newer than this compiler.</summary>
    public static BloomRule UnsupportedVersion { get; } = Error("003", "Descriptor version is not supported");

    /// <summary>The content hash does not match the nodes and weights.</summary>
    public static BloomRule HashMismatch { get; } = Error("004", "Content hash does not match");

    /// <summary>A weight's data is not base64, has the wrong length, or holds NaN or infinity.</summary>
    public static BloomRule InvalidWeight { get; } = Error("005", "Weight data is invalid");

    /// <summary>A node refers to a tensor or weight that does not exist or comes later.</summary>
    public static BloomRule UnknownReference { get; } = Error("006", "Reference to an unknown tensor or weight");

    /// <summary>Two things have the same name.</summary>
    public static BloomRule DuplicateName { get; } = Error("007", "Name is used twice");

    /// <summary>An operator is not known.</summary>
    public static BloomRule UnknownOperator { get; } = Error("008", "Operator is not supported");

    /// <summary>Shapes do not fit an operator.</summary>
    public static BloomRule ShapeMismatch { get; } = Error("009", "Shapes do not fit");

    /// <summary>The graph is valid, but this form of it cannot be compiled.</summary>
    public static BloomRule UnsupportedForm { get; } = Error("010", "Form is not supported");

    /// <summary>A size or count is beyond what the compiler accepts.</summary>
    public static BloomRule LimitExceeded { get; } = Error("011", "Limit exceeded");

    /// <summary>The attribute names a descriptor that is not among the build's <c>BloomModel</c> items.</summary>
    public static BloomRule ModelNotFound { get; } = Error("012", "Model descriptor not found");

    /// <summary>The class with the attribute is not a static partial class at namespace level.</summary>
    public static BloomRule InvalidTarget { get; } = Error("013", "Class cannot hold a model");

    /// <summary>A defect of the compiler itself.</summary>
    public static BloomRule InternalError { get; } = Error("099", "Defect in the compiler");

    /// <summary>All rules.</summary>
    public static IReadOnlyList<BloomRule> All { get; } =
    [
        MalformedJson, InvalidProperty, UnsupportedVersion, HashMismatch, InvalidWeight, UnknownReference, DuplicateName,
        UnknownOperator, ShapeMismatch, UnsupportedForm, LimitExceeded, ModelNotFound, InvalidTarget, InternalError,
    ];

    private static BloomRule Error(string number, string title) => new("BLOOM" + number, title, BloomSeverity.Error);
}
