using Bitloom;

namespace Classify;

/// <summary>The network, compiled into this program from its descriptor: the scores of classes, at the resolution that its predictor chooses.</summary>
[BloomModel("drnet-s.bloom")]
internal static partial class Classifier;
