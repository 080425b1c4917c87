namespace Bitloom.Hosting;

/// <summary>Emitted code does not compile or has not the promised form: a defect of Bitloom's compiler, not of its user.</summary>
public sealed class EmittedCodeException : Exception
{
    /// <summary>Says what is wrong with the emitted code.</summary>
    public EmittedCodeException(string message)
        : base(message)
    {
    }
}
