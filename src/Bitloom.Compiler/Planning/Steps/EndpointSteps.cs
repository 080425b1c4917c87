namespace Bitloom.Compiler.Planning;

/// <summary>Copies the caller's tensor into planes.</summary>
public sealed record LoadInputStep(string Name, int Input, int Channels, int Level, Place Target)
    : Step(Name, [], "the caller's memory is dense, planes have margins for padding")
{
    /// <inheritdoc/>
    public override string Kernel => "load input";

    /// <inheritdoc/>
    public override IEnumerable<int> Reads => [];

    /// <inheritdoc/>
    public override IEnumerable<int> Writes => [Target.Slot];
}

/// <summary>Copies planes, of a level that may have further rows and columns, into the caller's tensor.</summary>
public sealed record StoreOutputStep(string Name, int Output, int Channels, int Level, Place Source, int SourceLevel)
    : Step(Name, [], SourceLevel == Level ? "the caller's memory is dense" : "the caller's memory is dense; cropped on the way")
{
    /// <inheritdoc/>
    public override string Kernel => "store output";

    /// <inheritdoc/>
    public override IEnumerable<int> Reads => [Source.Slot];

    /// <inheritdoc/>
    public override IEnumerable<int> Writes => [];
}
