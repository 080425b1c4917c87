using System.Numerics;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Graph;

/// <summary>
/// How many input rows and columns a part of the output depends on. A large image can then be run in bands: the band's own rows with
/// <see cref="Above"/> and <see cref="Below"/> more rows around them, of whose results only the band's own are kept. Those equal
/// the results of the whole image bit for bit, because every zero that the network pads the band with lies outside what they read.
/// (Full-precision convolutions that become <see cref="WinogradConv2d"/> round by a row's place in its group of four, so with them the
/// results equal to rounding only, unless bands keep the rows' places.) At the image's true border there is nothing to add: the network's padding is right there.
/// </summary>
/// <param name="Above">Input rows needed above the first row of a band.</param>
/// <param name="Below">Input rows needed below the last row of a band.</param>
/// <param name="Left">Input columns needed to the left of a part.</param>
/// <param name="Right">Input columns needed to the right of a part.</param>
/// <param name="RowStep">First rows of bands, and of their surroundings, are multiples of this: 1 unless the network makes images smaller.</param>
/// <param name="ColumnStep">The same of columns.</param>
/// <remarks>
/// Found by asking backwards: an output interval of rows asks each node's inputs for the rows that it reads, and every tensor collects
/// the widest interval asked of it. Intervals are whole rows of that tensor, so a network with several scales is exact. Chains of large
/// strides pass any fixed number of bits; what is more than an <see cref="int"/> becomes the largest one.
/// </remarks>
public sealed record ReceptiveField(int Above, int Below, int Left, int Right, int RowStep, int ColumnStep)
{
    /// <summary>The field of a graph that <see cref="ShapeInference"/> accepts: the widest over all pairs of an input and an output.</summary>
    public static ReceptiveField Of(NetworkGraph graph)
    {
        (int above, int below, int rowStep) = new Axis(graph, isVertical: true).Measure();
        (int left, int right, int columnStep) = new Axis(graph, isVertical: false).Measure();
        return new ReceptiveField(above, below, left, right, rowStep, columnStep);
    }

    // One direction of the network. A tensor's scale is its pixels for one pixel of the input, as a fraction.
    private sealed class Axis(NetworkGraph graph, bool isVertical)
    {
        private static readonly BigInteger Everything = BigInteger.One << 40;

        private readonly Dictionary<string, (BigInteger Numerator, BigInteger Denominator)> _scales = new(StringComparer.Ordinal);
        private readonly Dictionary<string, (BigInteger First, BigInteger Last)> _asked = new(StringComparer.Ordinal);

        internal (int Before, int After, int Step) Measure()
        {
            FindScales();
            BigInteger step = _scales.Values.Aggregate(BigInteger.One, (least, scale) => least / BigInteger.GreatestCommonDivisor(least, scale.Denominator) * scale.Denominator);

            // The part of one step of the input whose results are wanted; as far as can be seen, the image goes on on both sides.
            foreach (GraphOutput output in graph.Outputs)
            {
                (BigInteger numerator, BigInteger denominator) = _scales[output.Tensor];
                Ask(output.Tensor, 0, (step * numerator / denominator) - 1);
            }

            foreach (Node node in graph.Nodes.Reverse())
            {
                if (!_asked.TryGetValue(node.Name, out (BigInteger First, BigInteger Last) rows)) continue;
                (BigInteger first, BigInteger last) = Read(node.Operator, rows.First, rows.Last);
                foreach (string input in node.Inputs) Ask(input, first, last);
            }

            (BigInteger before, BigInteger after) = Surplus(step);
            return (Pixels(RoundUp(before, step)), Pixels(RoundUp(after, step)), Pixels(step));
        }

        private void FindScales()
        {
            foreach (GraphInput input in graph.Inputs) _scales.Add(input.Name, (1, 1));
            foreach (Node node in graph.Nodes)
            {
                (BigInteger numerator, BigInteger denominator) = _scales[node.Inputs[0]];
                (int up, int down) = Step(node.Operator);
                (numerator, denominator) = (numerator * up, denominator * down);
                BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
                _scales.Add(node.Name, (numerator / divisor, denominator / divisor));
            }
        }

        // What was asked beyond the part itself, in input pixels: of the inputs, and of every tensor on the way, which must exist
        // for all that is asked of it.
        private (BigInteger Before, BigInteger After) Surplus(BigInteger step)
        {
            BigInteger before = 0, after = 0;
            foreach (KeyValuePair<string, (BigInteger First, BigInteger Last)> tensor in _asked)
            {
                (BigInteger numerator, BigInteger denominator) = _scales[tensor.Key];
                before = BigInteger.Max(before, -FloorDivide(tensor.Value.First * denominator, numerator));
                after = BigInteger.Max(after, FloorDivide(tensor.Value.Last * denominator, numerator) + 1 - step);
            }

            return (before, after);
        }

        private void Ask(string tensor, BigInteger first, BigInteger last) =>
            _asked[tensor] = _asked.TryGetValue(tensor, out (BigInteger First, BigInteger Last) known)
                ? (BigInteger.Min(known.First, first), BigInteger.Max(known.Last, last)) : (first, last);

        private (int Up, int Down) Step(Operator @operator) => @operator switch
        {
            PixelShuffle shuffle => (shuffle.Factor, 1),
            ResizeNearest resize => (resize.Factor, 1),
            ResizeBilinear resize => (resize.Factor, 1),
            Conv2d conv => (1, isVertical ? conv.Window.StrideY : conv.Window.StrideX),
            BinaryConv2d conv => (1, isVertical ? conv.Window.StrideY : conv.Window.StrideX),
            Subsample subsample => (1, isVertical ? subsample.StrideY : subsample.StrideX),
            AveragePool pool => (1, isVertical ? pool.Window.StrideY : pool.Window.StrideX),
            MaxPool pool => (1, isVertical ? pool.Window.StrideY : pool.Window.StrideX),
            Resize { IsFixed: false } resize => (resize.Multiplier, resize.Divisor),
            _ => (1, 1),
        };

        /// <summary>The pixels of an operator's inputs that pixels of its output are made of.</summary>
        private (BigInteger First, BigInteger Last) Read(Operator @operator, BigInteger first, BigInteger last) => @operator switch
        {
            PixelShuffle shuffle => (FloorDivide(first, shuffle.Factor), FloorDivide(last, shuffle.Factor)),
            ResizeNearest resize => (FloorDivide(first, resize.Factor), FloorDivide(last, resize.Factor)),
            ResizeBilinear resize => ReadBilinear(resize.Factor, first, last),
            Conv2d conv => ReadWindow(conv.Window, conv.Weight.Shape, first, last),
            BinaryConv2d conv => ReadWindow(conv.Window, conv.Weight.Shape, first, last),
            Subsample s when isVertical => ((first * s.StrideY) + s.OffsetY, (last * s.StrideY) + s.OffsetY),
            Subsample s => ((first * s.StrideX) + s.OffsetX, (last * s.StrideX) + s.OffsetX),
            AveragePool pool => ReadWindow(pool.Window, [1, 1, pool.Kernel.Rows, pool.Kernel.Columns], first, last),
            MaxPool pool => ReadWindow(pool.Window, [1, 1, pool.Kernel.Rows, pool.Kernel.Columns], first, last),
            Pad { Mode: PadMode.Zero } pad => isVertical ? (first - pad.Top, last - pad.Top) : (first - pad.Left, last - pad.Left),
            Crop crop => isVertical ? (first + crop.Top, last + crop.Top) : (first + crop.Left, last + crop.Left),
            Shift shift => ReadShift(isVertical ? shift.Rows : shift.Columns, first, last),
            Resize { IsFixed: false, Coordinates: not ResizeCoordinates.AlignCorners } resize => ReadResize(resize, first, last),

            // What depends on where the image ends depends on all of it.
            GlobalAveragePool or Resize or Pad or PadToMultiple or CropLike => (-Everything, Everything),
            Scale or Affine or BatchNorm or LayerNorm or Add or Subtract or Multiply or Sign or Relu or LeakyRelu or PRelu or RPRelu or Clip or Sigmoid or HardSigmoid
                or HardSwish or Gelu or Softmax or ArgMax or Gate or SelectChannels or Concat => (first, last),
            _ => throw new InvalidOperationException($"The receptive field of {@operator.Kind} is not known: add it to {nameof(ReceptiveField)}."),
        };

        private static (BigInteger First, BigInteger Last) ReadShift(EquatableArray<int> offsets, BigInteger first, BigInteger last) =>
            (first + offsets.Min(), last + offsets.Max());

        // Four pixels around any place that a pixel may stand for.
        private static (BigInteger First, BigInteger Last) ReadResize(Resize resize, BigInteger first, BigInteger last) =>
            (FloorDivide(first * resize.Divisor, resize.Multiplier) - resize.Divisor - 1, FloorDivide(last * resize.Divisor, resize.Multiplier) + resize.Divisor + 2);

        private (BigInteger First, BigInteger Last) ReadWindow(Window window, EquatableArray<int> shape, BigInteger first, BigInteger last)
        {
            (int stride, int pad, int dilation, int size) = isVertical
                ? (window.StrideY, window.PadTop, window.DilationY, shape[2])
                : (window.StrideX, window.PadLeft, window.DilationX, shape[3]);
            return ((first * stride) - pad, (last * stride) - pad + (dilation * (size - 1L)));
        }

        // Pixel y lies at (y + 1/2) / factor - 1/2 and mixes the two pixels around that place. At a whole place, which only odd
        // factors have, the second has the weight 0.
        private static (BigInteger First, BigInteger Last) ReadBilinear(int factor, BigInteger first, BigInteger last)
        {
            BigInteger Numerator(BigInteger pixel) => (2 * pixel) + 1 - factor;
            return (FloorDivide(Numerator(first), 2L * factor), -FloorDivide(-Numerator(last), 2L * factor));
        }

        private static BigInteger RoundUp(BigInteger value, BigInteger step) => (value + step - 1) / step * step;

        private static BigInteger FloorDivide(BigInteger value, BigInteger divisor) => (value / divisor) - (value % divisor < 0 ? 1 : 0);

        private static int Pixels(BigInteger count) => (int)BigInteger.Min(count, int.MaxValue);
    }
}
