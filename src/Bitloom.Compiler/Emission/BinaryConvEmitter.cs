using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>Writes binary convolutions by the method that suits each.</summary>
internal static class BinaryConvEmitter
{
    /// <summary>Writes the kernel of a step and what it calls; returns its name.</summary>
    internal static string Emit(KernelFile file, FlatStep step, BinaryConv2d conv) => BinaryMethods.Of(conv) switch
    {
        BinaryMethod.Lookup => SignLookupEmitter.Emit(file, step, conv),
        BinaryMethod.Quartets => QuartetConvEmitter.Emit(file, step, conv),
        _ => SharedCarryEmitter.Emit(file, step, conv),
    };
}
