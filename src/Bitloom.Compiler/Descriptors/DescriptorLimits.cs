namespace Bitloom.Compiler.Descriptors;

/// <summary>
/// What a descriptor may hold at most. The limits are far beyond any network that the compiler is meant for; they keep a damaged
/// or hostile file from costing memory or time, and every later stage may rely on products of these numbers not overflowing.
/// </summary>
public static class DescriptorLimits
{
    /// <summary>UTF-16 units of a descriptor's text.</summary>
    public const int TextLength = 256 << 20;

    /// <summary>Objects and arrays inside one another.</summary>
    public const int Nesting = 16;

    /// <summary>Nodes of a network.</summary>
    public const int Nodes = 16384;

    /// <summary>Weights of a network.</summary>
    public const int Weights = 65536;

    /// <summary>Inputs, and outputs, of a network.</summary>
    public const int Endpoints = 64;

    /// <summary>Channels of a tensor.</summary>
    public const int Channels = 65536;

    /// <summary>Pixels of a fixed height or width.</summary>
    public const int Size = 65536;

    /// <summary>A kernel's rows or columns, a stride, a dilation, padding on one side.</summary>
    public const int Window = 1024;

    /// <summary>What a free size is a multiple of.</summary>
    public const int Multiple = 1024;

    /// <summary>Factor of an up-sampling.</summary>
    public const int Factor = 64;

    /// <summary>Dimensions of a weight.</summary>
    public const int Rank = 8;

    /// <summary>Bytes of all weights together, as stored.</summary>
    public const long WeightBytes = 184L << 20;

    /// <summary>UTF-16 units of a name.</summary>
    public const int NameLength = 256;

    /// <summary>Diagnostics reported for one descriptor.</summary>
    public const int Diagnostics = 50;
}
