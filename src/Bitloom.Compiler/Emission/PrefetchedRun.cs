using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>A run of fp32 values that an epilogue reads or writes and asks for ahead of time.</summary>
/// <param name="Name">The pointer's variable.</param>
/// <param name="Operand">The operand that it is; null for the target.</param>
internal sealed record PrefetchedRun(string Name, Operand? Operand);
