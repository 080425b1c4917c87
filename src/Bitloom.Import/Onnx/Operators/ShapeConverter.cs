namespace Bitloom.Import.Onnx.Operators;

/// <summary>Shape of an image: whole numbers, some of which follow from the size of the input.</summary>
internal sealed class ShapeConverter : OperatorConverter
{
    internal override IReadOnlyList<string> Operators => ["Shape"];

    internal override void Convert(OnnxNode node, Conversion conversion)
    {
        Compiler.Graph.Extent[] dims = conversion.Value(node, 0) switch
        {
            ImageValue image => image.Dims,
            ViewValue { Order: null } view => view.Dims,
            FlatValue flat => [Compiler.Graph.Extent.Constant(1), Compiler.Graph.Extent.Constant(flat.Count)],
            _ => throw node.Refuse("the shape that it asks for is not known", "export with a fixed size"),
        };
        int[] chosen = SliceRange.Indices(Bound("start", 0), Bound("end", int.MaxValue), 1, dims.Length);
        conversion.Define(node, IntegerValue.Of([.. chosen.Select(i => dims[i])]));

        int Bound(string attribute, int absent) => (int)Math.Clamp(node.Integer(attribute, absent), int.MinValue, int.MaxValue);
    }
}
