using Bitloom.Compiler.Graph;

namespace Bitloom.Compiler.Planning;

/// <summary>What happens to a value before it is stored, in order, every operation rounded to single precision.</summary>
/// <param name="Operations">Applied one after the other.</param>
/// <param name="Constants">Per-channel constants that operations refer to by index.</param>
/// <param name="Operands">Tensors that operations refer to by index.</param>
/// <param name="FloatStore">Where the fp32 result goes, or null where only its signs are needed.</param>
/// <param name="SignStores">Where signs go.</param>
/// <param name="Shuffle">A pixel shuffle between the value and <paramref name="FloatStore"/>, or null.</param>
public sealed record Epilogue(
    EquatableArray<EpilogueOperation> Operations,
    EquatableArray<FloatTensor> Constants,
    EquatableArray<Operand> Operands,
    FloatStore? FloatStore,
    EquatableArray<SignStore> SignStores,
    ShuffleStore? Shuffle = null);

/// <summary>The fp32 store goes through a pixel shuffle into the planes of a larger level.</summary>
/// <param name="Factor">How many times larger.</param>
/// <param name="Level">The larger level, of the store's slot.</param>
/// <param name="Sign">Signs taken of the shuffled pixels; its constants are repeated for the channels before the shuffle. Or null.</param>
public sealed record ShuffleStore(int Factor, int Level, SignStore? Sign);

/// <summary>One operation on the running value v.</summary>
public abstract record EpilogueOperation;

/// <summary><c>v * scale[c] + bias[c]</c>; either index may be null.</summary>
public sealed record MultiplyAddOperation(int? Scale, int? Bias) : EpilogueOperation;

/// <summary><c>v >= 0 ? v : v * slope[c]</c>; where no slope is above 1, that is the larger of the two.</summary>
public sealed record PReluOperation(int Slope, bool IsMaximum) : EpilogueOperation;

/// <summary><c>v >= 0 ? v : v * slope</c>; slope 0 is ReLU.</summary>
public sealed record LeakyReluOperation(float Slope) : EpilogueOperation;

/// <summary><c>v + operand</c>.</summary>
public sealed record AddOperation(int Operand) : EpilogueOperation;

/// <summary><c>v - operand</c>, or <c>operand - v</c> where reversed.</summary>
public sealed record SubtractOperation(int Operand, bool Reversed) : EpilogueOperation;

/// <summary><c>v * operand</c>.</summary>
public sealed record MultiplyOperation(int Operand) : EpilogueOperation;

/// <summary><c>min(max(v, least), most)</c>.</summary>
public sealed record ClipOperation(float Least, float Most) : EpilogueOperation;

/// <summary><c>min(max(v * scale + bias, 0), 1)</c>, times v where gated: then it is HardSwish.</summary>
public sealed record HardSigmoidOperation(float Scale, float Bias, bool IsGate) : EpilogueOperation;

/// <summary><c>1 / (1 + exp(-v))</c>.</summary>
public sealed record SigmoidOperation : EpilogueOperation;

/// <summary><c>v / 2 * (1 + erf(v / sqrt(2)))</c>.</summary>
public sealed record GeluOperation : EpilogueOperation;

/// <summary>Writes the value as fp32.</summary>
/// <param name="Target">Where channel 0 goes.</param>
/// <param name="Clean">Writes zeros where there is no image, because a later window reads there.</param>
/// <param name="InPlace">The slot is also the operand that this value is added to.</param>
public sealed record FloatStore(Place Target, bool Clean, bool InPlace);

/// <summary>
/// Writes a sign as a bit: 1 where <c>v >= threshold[c]</c>, turned over where <c>direction[c]</c> is -1; see <see cref="SignThreshold"/>.
/// Without a threshold it is 0, without a direction 1.
/// </summary>
public sealed record SignStore(Place Target, int? Threshold, int? Direction);
