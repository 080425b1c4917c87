using Bitloom.Compiler;
using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.InterpreterTests;

/// <summary>Networks of one operator, so that a test names only the operator and its operands.</summary>
internal static class SingleOperator
{
    internal static Tensor Run(Operator op, params Tensor[] inputs) => Interpreter.Run(Graph(op, inputs), Named(inputs))["result"];

    internal static NetworkGraph Graph(Operator op, params Tensor[] inputs) => new(
        "single",
        "",
        inputs.Select((x, i) => new GraphInput($"x{i}", new TensorShape(x.Channels, Extent.Constant(x.Height), Extent.Constant(x.Width)), SourceLocation.None)).ToEquatableArray(),
        [new Node("node", op, inputs.Select((_, i) => $"x{i}").ToEquatableArray(), SourceLocation.None)],
        [new GraphOutput("result", "node", SourceLocation.None)]);

    internal static Dictionary<string, Tensor> Named(Tensor[] inputs) =>
        inputs.Select((x, i) => (x, i)).ToDictionary(p => $"x{p.i}", p => p.x);
}
