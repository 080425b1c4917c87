namespace Bitloom.Compiler.Planning;

/// <summary>One kernel call. Subtypes say which.</summary>
/// <param name="Name">The node whose result the step makes.</param>
/// <param name="Covers">Nodes of the lowered graph that the step computes, in order.</param>
/// <param name="Reason">Why this kernel and these fusions were chosen.</param>
public abstract record Step(string Name, EquatableArray<string> Covers, string Reason)
{
    /// <summary>The kernel in a few words, for people.</summary>
    public abstract string Kernel { get; }

    /// <summary>Slots read.</summary>
    public abstract IEnumerable<int> Reads { get; }

    /// <summary>Slots written.</summary>
    public abstract IEnumerable<int> Writes { get; }

    /// <summary>fp32 slots of which a window is read, so that zeros must stand around the image.</summary>
    internal virtual IEnumerable<int> ReadsAround => [];
}
