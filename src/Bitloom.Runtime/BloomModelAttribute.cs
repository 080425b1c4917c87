namespace Bitloom;

/// <summary>
/// Asks the Bitloom generator to complete a static partial class with the network in a <c>.bloom</c> descriptor, which the
/// project lists as <c>&lt;BloomModel Include="..." /&gt;</c>.
/// </summary>
/// <param name="descriptor">File name of the descriptor, or as much of its path as tells it apart from others.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BloomModelAttribute(string descriptor) : Attribute
{
    /// <summary>File name of the descriptor.</summary>
    public string Descriptor { get; } = descriptor;
}
