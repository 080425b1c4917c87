using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime;

namespace Bitloom.Tool.Tests;

/// <summary>
/// Runs networks by the reference interpreter, so that tests of the verbs need no compilation. It can add an error to one tensor, as
/// a wrong kernel would.
/// </summary>
internal sealed class InterpretedHost(NetworkGraph graph, VectorWidth width, string? wrongTensor) : INetworkHost
{
    internal static INetworkHost Load(ModelFile model, NetworkGraph graph, VectorWidth width, CancellationToken cancellation) =>
        new InterpretedHost(graph, width, null);

    internal static Func<ModelFile, NetworkGraph, VectorWidth, CancellationToken, INetworkHost> WithErrorIn(string tensor) =>
        (_, graph, width, _) => new InterpretedHost(graph, width, tensor);

    public BloomSession CreateSession(ImageSize size, int threads)
    {
        var shapes = new NetworkShapes(graph);
        IReadOnlyDictionary<string, int> symbols = NetworkShapes.Symbols(size);
        TensorInfo Describe(string name, TensorShape shape) => new(name, shape.Channels, shape.Height.Evaluate(symbols), shape.Width.Evaluate(symbols));
        return new InterpretedSession(
            graph,
            [.. graph.Inputs.Select(i => Describe(i.Name, i.Shape))],
            [.. graph.Outputs.Select(o => Describe(o.Name, shapes[o.Tensor]))],
            threads,
            width == VectorWidth.Best ? VectorWidth.Bits128 : width,
            wrongTensor);
    }

    public void Dispose()
    {
    }

    private sealed class InterpretedSession(
        NetworkGraph graph, IReadOnlyList<TensorInfo> inputs, IReadOnlyList<TensorInfo> outputs, int threads, VectorWidth width, string? wrongTensor)
        : BloomSession(inputs, outputs, threads, width)
    {
        public override long ArenaBytes => 1024;

        public override long WeightBytes => 64;

        protected override void Release()
        {
        }

        protected override void RunArrays(IReadOnlyList<float[]> inputs, IReadOnlyList<float[]> outputs)
        {
            var given = Inputs.Zip(inputs).ToDictionary(p => p.First.Name, p => new Tensor(p.First.Channels, p.First.Height, p.First.Width, p.Second));
            IReadOnlyDictionary<string, Tensor> results = Interpreter.Run(graph, given);
            for (int i = 0; i < outputs.Count; i++)
            {
                results[Outputs[i].Name].Values.CopyTo(outputs[i], 0);
                if (Outputs[i].Name == wrongTensor) outputs[i][^1] += 2;
            }
        }

        protected override void RunPart(int part)
        {
        }
    }
}
