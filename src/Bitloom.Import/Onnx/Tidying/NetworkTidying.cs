using Bitloom.Compiler.Graph;

namespace Bitloom.Import.Onnx.Tidying;

/// <summary>Joins what exporters take apart, in the network that came out of the conversion. Each rewrite is one file.</summary>
internal static class NetworkTidying
{
    internal static NetworkGraph Run(NetworkGraph graph) => JoinNegation.Run(JoinPadAndCrop.Run(JoinLayerNorm.Run(JoinAffine.Run(JoinRPRelu.Run(graph)))));
}
