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
            _ => throw node.Refuse("the shape that it asks for is not known", "export with a fixed size"),
        };
        var range = new SliceRange(0, Bound("start", 0), Bound("end", int.MaxValue), 1);
        conversion.Define(node, IntegerValue.Of([.. range.Indices(dims.Length).Select(i => dims[i])]));

        int Bound(string attribute, int absent) => (int)Math.Clamp(node.Integer(attribute, absent), int.MinValue, int.MaxValue);
    }
}
