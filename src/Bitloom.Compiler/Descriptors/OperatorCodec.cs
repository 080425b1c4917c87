using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Descriptors;

/// <summary>How one kind of operator stands in a descriptor: its properties, and the way from and to JSON.</summary>
/// <param name="Kind">The operator's name, the value of <c>op</c>.</param>
/// <param name="Properties">Its own properties in the order written, besides name, op and inputs.</param>
/// <param name="Read">Makes the operator from a node's properties; its result counts only where nothing failed.</param>
/// <param name="Write">The properties that differ from their defaults, with their JSON text.</param>
internal sealed record OperatorCodec(
    string Kind,
    IReadOnlyList<OperatorProperty> Properties,
    Func<OperatorPropertyReader, Operator> Read,
    Func<Operator, IEnumerable<(string Name, string Text)>> Write)
{
    /// <summary>The codec of <typeparamref name="TOperator"/>, whose descriptor name is the name of the type.</summary>
    public static OperatorCodec Of<TOperator>(Func<OperatorPropertyReader, TOperator> read, params OperatorProperty<TOperator>[] properties)
        where TOperator : Operator =>
        new(
            typeof(TOperator).Name,
            [.. properties.Select(p => p.Description)],
            read,
            o => properties.Select(p => (p.Description.Name, Value: p.Text((TOperator)o), p.Description.Default))
                .Where(p => p.Value.Length > 0 && p.Value != p.Default).Select(p => (p.Name, p.Value)));
}
