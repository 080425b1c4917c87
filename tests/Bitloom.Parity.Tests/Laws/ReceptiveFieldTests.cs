using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;
using Bitloom.ReferenceInterpreter;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>A band of rows with its surroundings, run by itself, gives the rows that the whole image gives.</summary>
public sealed class ReceptiveFieldTests
{
    [Fact]
    public void A_band_with_its_surroundings_gives_the_rows_of_the_whole() => RandomCases.CheckAll(GraphKind.Mixed, CheckBand);

    private static string? CheckBand(NetworkCase network)
    {
        // These read the whole image, or round the shares of two pixels by where in the image they lie.
        if (network.Graph.Nodes.Any(n => n.Operator is GlobalAveragePool or Resize { Method: not ResizeMethod.Nearest })) return null;
        ReceptiveField field = ReceptiveField.Of(network.Graph);

        // What depends on where the image ends cannot be run in bands.
        if (Math.Max(field.Above, field.Below) == int.MaxValue) return null;
        int step = field.RowStep, kept = 2 * step, window = field.Above + kept + field.Below;

        // One step of rows before the window and two after it, so that nothing of it lies at the image's border.
        int height = window + (3 * step);
        ShapeTable shapes = ShapeInference.Infer(network.Graph).Value!;
        Dictionary<string, Tensor> whole = network.Graph.Inputs.ToDictionary(i => i.Name, i => Draw(i.Shape.Channels, height, network.Width));
        Dictionary<string, Tensor> band = whole.ToDictionary(i => i.Key, i => Rows(i.Value, step, window));
        IReadOnlyDictionary<string, Tensor> expected = Interpreter.Run(network.Graph, whole), actual = Interpreter.Run(network.Graph, band);
        foreach (GraphOutput output in network.Graph.Outputs)
        {
            int RowsOf(int rows) => shapes[output.Tensor].Height.Evaluate(new Dictionary<string, int> { ["height"] = rows, ["width"] = network.Width });
            int rowsPerStep = RowsOf(height + step) - RowsOf(height), above = field.Above / step * rowsPerStep;
            Tensor fromWhole = Rows(expected[output.Name], above + rowsPerStep, 2 * rowsPerStep), fromBand = Rows(actual[output.Name], above, 2 * rowsPerStep);
            if (!fromWhole.Values.AsSpan().SequenceEqual(fromBand.Values)) return $"{network.Name}: {field} is too small: {Difference.Between(output.Name, fromWhole, fromBand)}";
        }

        return null;
    }

    private static Tensor Draw(int channels, int height, int width) => new RandomValues(channels + height, isShort: false).Input(channels, height, width);

    private static Tensor Rows(Tensor tensor, int first, int count)
    {
        Tensor rows = Tensor.Zeros(tensor.Channels, count, tensor.Width);
        for (int channel = 0; channel < tensor.Channels; channel++)
            tensor.Plane(channel).Slice(first * tensor.Width, count * tensor.Width).CopyTo(rows.Plane(channel));
        return rows;
    }
}
