using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime.Images;

namespace Bitloom.Tool;

/// <summary>
/// A network from one picture to another, applied to pictures of any kind. Colour planes go through the network; what it does not
/// take is carried past it:
/// <list type="bullet">
/// <item>three planes in: grey is repeated into RGB, and the result's planes are averaged;</item>
/// <item>one plane in: of a colour picture it gets the luma, and each colour's distance from luma is enlarged by bicubic and added;</item>
/// <item>alpha is enlarged by bicubic where the network enlarges, and stays as it is otherwise.</item>
/// </list>
/// </summary>
internal sealed class ImageNetwork
{
    // BT.601 in full range, as JPEG has it.
    private static readonly float[] LumaWeights = [0.299f, 0.587f, 0.114f];

    private readonly INetworkHost _host;
    private readonly NetworkShapes _shapes;
    private readonly GraphInput _input;
    private readonly GraphOutput _output;
    private readonly float _white;

    /// <summary>Checks that the network is of that kind.</summary>
    /// <param name="model">Where it comes from, for messages.</param>
    /// <param name="graph">The network.</param>
    /// <param name="host">The network made runnable.</param>
    /// <param name="white">The value that stands for white: 1 or 255.</param>
    /// <exception cref="BadInputException">It has several inputs or outputs, or not the channels of pictures.</exception>
    internal ImageNetwork(ModelFile model, NetworkGraph graph, INetworkHost host, float white)
    {
        (_host, _white, _shapes) = (host, white, new NetworkShapes(graph));
        CheckIsPictureNetwork(model, graph);
        (_input, _output) = (graph.Inputs[0], graph.Outputs[0]);
    }

    /// <summary>Refuses a network that does not make a picture from a picture.</summary>
    /// <exception cref="BadInputException">It has several inputs or outputs, or not the channels of pictures.</exception>
    internal static void CheckIsPictureNetwork(ModelFile model, NetworkGraph graph)
    {
        if (graph.Inputs.Count != 1 || graph.Outputs.Count != 1)
            throw new BadInputException(model.Path, $"the network has {graph.Inputs.Count} inputs and {graph.Outputs.Count} outputs, not one picture in and one out", "use run --tensors");
        int from = graph.Inputs[0].Shape.Channels, to = new NetworkShapes(graph)[graph.Outputs[0].Tensor].Channels;
        if (from is not (1 or 3) || to != from)
            throw new BadInputException(model.Path, $"the network makes {to} channels from {from}, which are no pictures (1 to 1 or 3 to 3)", "use run --tensors");
    }

    /// <summary>How many times larger the network makes a picture of this size.</summary>
    /// <exception cref="BadInputException">It is not a whole number, or height and width differ in it.</exception>
    internal int FindScale(string place, ImageSize size)
    {
        IReadOnlyDictionary<string, int> symbols = NetworkShapes.Symbols(size);
        TensorShape shape = _shapes[_output.Tensor];
        int height = shape.Height.Evaluate(symbols), width = shape.Width.Evaluate(symbols), scale = height / size.Height;
        if (scale < 1 || height != size.Height * scale || width != size.Width * scale)
            throw new BadInputException(place, $"the network makes {height}x{width} from {size}, which is no whole scale", "use run --tensors");
        return scale;
    }

    /// <summary>Applies the network.</summary>
    /// <param name="place">The picture's file, for messages.</param>
    /// <param name="image">The picture.</param>
    /// <param name="threads">Threads that share the work.</param>
    /// <param name="time">Receives the time that the network itself took.</param>
    /// <exception cref="BadInputException">The network does not take a picture of this size.</exception>
    internal Image Apply(string place, Image image, int threads, out TimeSpan time)
    {
        var size = new ImageSize(image.Height, image.Width);
        CheckTakes(place, size);
        int scale = FindScale(place, size);
        float[] colours = ImagePlanes.ToPlanes(image);
        Tensor input = new(_input.Shape.Channels, image.Height, image.Width, ToNetwork(image, colours));
        using NetworkRun run = NetworkRun.Create(_host, place, size, threads);
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        Tensor output = run.Run(new Dictionary<string, Tensor> { [_input.Name] = input })[_output.Name];
        time = System.Diagnostics.Stopwatch.GetElapsedTime(start);
        return FromNetwork(image, colours, input, output, scale);
    }

    /// <summary>Channels of its input and output, 1 or 3.</summary>
    internal int Channels => _input.Shape.Channels;

    /// <summary>Applies the network to values that no picture can hold, such as noise beyond black and white.</summary>
    /// <param name="place">The picture's file, for messages.</param>
    /// <param name="planes">The network's channels x height x width, around 0..1.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="threads">Threads that share the work.</param>
    /// <exception cref="BadInputException">The network does not take a picture of this size.</exception>
    internal Image Apply(string place, float[] planes, ImageSize size, int threads)
    {
        CheckTakes(place, size);
        var input = new Tensor(Channels, size.Height, size.Width, [.. planes.Select(v => v * _white)]);
        using NetworkRun run = NetworkRun.Create(_host, place, size, threads);
        Tensor output = run.Run(new Dictionary<string, Tensor> { [_input.Name] = input })[_output.Name];
        return ImagePlanes.FromPlanes([.. output.Values.Select(v => v / _white)], output.Channels, output.Height, output.Width);
    }

    private void CheckTakes(string place, ImageSize size)
    {
        IReadOnlyDictionary<string, int> symbols = NetworkShapes.Symbols(size);
        int height = _input.Shape.Height.Evaluate(symbols), width = _input.Shape.Width.Evaluate(symbols);
        if (height != size.Height || width != size.Width)
            throw new BadInputException(place, $"is {size}, but the network takes {height}x{width} only (height x width)", "crop or resize it");
        _shapes.CheckSize(place, size);
    }

    private float[] ToNetwork(Image image, float[] colours)
    {
        int plane = image.Height * image.Width, channels = _input.Shape.Channels;
        var values = new float[channels * plane];
        for (int i = 0; i < values.Length; i++)
            values[i] = _white * (channels == 1 && image.ColourChannels == 3 ? LumaAt(colours, plane, i) : colours[i % colours.Length]);
        return values;
    }

    private Image FromNetwork(Image image, float[] colours, Tensor input, Tensor output, int scale)
    {
        var result = new Image(output.Width, output.Height, image.Channels);
        for (int channel = 0; channel < image.ColourChannels; channel++)
        {
            float[] plane = output.Channels == 1 ? [.. output.Values] : image.ColourChannels == 1 ? MeanPlane(output) : output.Plane(channel).ToArray();
            foreach (ref float value in plane.AsSpan()) value /= _white;
            if (output.Channels == 1 && image.ColourChannels == 3) AddDistanceFromLuma(plane, colours, input, channel, scale);
            ImagePlanes.WritePlane(result, channel, 0, result.Height, plane);
        }

        if (image.HasAlpha) CarryAlpha(image, result, scale);
        return result;
    }

    private void AddDistanceFromLuma(float[] plane, float[] colours, Tensor luma, int channel, int scale)
    {
        var distance = new float[luma.PlaneSize];
        for (int i = 0; i < distance.Length; i++) distance[i] = colours[(channel * distance.Length) + i] - (luma.Values[i] / _white);
        float[] enlarged = Enlarge(distance, luma.Height, luma.Width, scale);
        for (int i = 0; i < plane.Length; i++) plane[i] += enlarged[i];
    }

    private static void CarryAlpha(Image image, Image result, int scale)
    {
        var alpha = new float[image.Height * image.Width];
        ImagePlanes.ReadPlane(image, image.Channels - 1, 0, image.Height, alpha);
        ImagePlanes.WritePlane(result, image.Channels - 1, 0, result.Height, Enlarge(alpha, image.Height, image.Width, scale));
    }

    private static float[] Enlarge(float[] plane, int height, int width, int scale)
    {
        if (scale == 1) return plane;
        var enlarged = new float[checked(plane.Length * scale * scale)];
        Bicubic.Enlarge(plane, height, width, scale, enlarged);
        return enlarged;
    }

    private static float LumaAt(float[] colours, int plane, int i) =>
        (LumaWeights[0] * colours[i]) + (LumaWeights[1] * colours[plane + i]) + (LumaWeights[2] * colours[(2 * plane) + i]);

    private static float[] MeanPlane(Tensor tensor)
    {
        var mean = new float[tensor.PlaneSize];
        for (int i = 0; i < mean.Length; i++)
            mean[i] = (tensor.Values[i] + tensor.Values[mean.Length + i] + tensor.Values[(2 * mean.Length) + i]) / 3;
        return mean;
    }
}
