using System.Globalization;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Architectures;

/// <summary>
/// CARN and CARN-M (arXiv 1803.08664), under the names of the authors' PyTorch code: cascading blocks, each result joined to all before
/// it and fused by a 1x1 convolution, in the blocks and over them. With ghosts in the residual blocks it is GhostSR-CARN.
/// </summary>
/// <param name="Channels">64.</param>
/// <param name="Scale">2, 3 or 4 (4 as two steps of 2).</param>
/// <param name="IsMobile">CARN-M: residual blocks with two group convolutions and a 1x1 one, and one block used three times.</param>
/// <param name="Groups">Groups of CARN-M's convolutions: 4.</param>
/// <param name="IsMultiScale">The checkpoint holds an up-sampling for each scale, <c>up2</c>, <c>up3</c> and <c>up4</c>, instead of one, <c>up</c>.</param>
/// <param name="Ghosts">The 3x3 convolutions of the residual blocks of CARN.</param>
/// <param name="Mean">Where the mean colour comes from.</param>
public sealed record Carn(int Channels, int Scale, bool IsMobile, int Groups, bool IsMultiScale, GhostLayers Ghosts, MeanShift Mean)
{
    private const int LargestChannels = 1024;

    /// <summary>CARN.</summary>
    public static Carn Full(int scale, GhostLayers? ghosts = null) => new(64, scale, IsMobile: false, 1, IsMultiScale: true, ghosts ?? GhostLayers.None, new MeanShift());

    /// <summary>CARN-M.</summary>
    public static Carn Mobile(int scale) => new(64, scale, IsMobile: true, 4, IsMultiScale: true, GhostLayers.None, new MeanShift());

    /// <summary>Reads channels, groups, scale and ghosts off the shapes of a checkpoint; one for several scales needs <paramref name="scale"/>, else 2 is taken.</summary>
    public static Carn Infer(CheckpointWeights weights, bool isMobile, int? scale)
    {
        int channels = weights.ShapeOf("entry.weight") is [int outputs and > 0 and <= LargestChannels, ..] ? outputs : 64;
        bool isMultiScale = weights.ShapeOf("upsample.up2.body.0.weight") is not null;
        int groups = isMobile && weights.ShapeOf("b1.b1.body.0.weight") is [_, int inputs and > 0, ..] && channels % inputs == 0 ? channels / inputs : isMobile ? 4 : 1;
        int found = isMultiScale ? scale ?? 2 : Upsampling.InferScale(weights, "upsample.up.body", channels, positions: 3);
        if (isMultiScale) weights.Pass(name => name.StartsWith("upsample.up", StringComparison.Ordinal) && !name.StartsWith(Path($"upsample.up{found}."), StringComparison.Ordinal));
        return new Carn(channels, found, isMobile, groups, isMultiScale, isMobile ? GhostLayers.None : GhostLayers.Infer(weights, "b1.b1.body.0", channels), MeanShift.Infer(weights, "{0}_mean.shifter"));
    }

    /// <summary>The network <c>input</c> (3 channels) -> <c>output</c> (3 channels at <see cref="Scale"/> times the size).</summary>
    public NetworkGraph Build(string name, string description, WeightSource weights)
    {
        var builder = new NetworkBuilder(weights);
        string entry = builder.Conv3x3("entry", Mean.Subtract(builder, "input"), 3, Channels, bias: true);
        string features = Cascade(builder, "", entry, (stage, input) => Cascade(builder, Path($"b{stage}."), input, (unit, x) => Residual(builder, Path($"b{stage}."), unit, x)));
        string up = IsMultiScale ? Path($"upsample.up{Scale}.body") : "upsample.up.body";
        features = Upsampling.PixelShuffle(builder, up, features, Channels, Scale, positions: 3, Groups);
        return builder.Finish(name, description, channels: 3, Mean.Add(builder, builder.Conv3x3("exit", features, Channels, 3, bias: true)));
    }

    // o[i] = ReLU(1x1 convolution of x, b[1], ..., b[i]), where b[i] is made of o[i - 1].
    private string Cascade(NetworkBuilder builder, string prefix, string input, Func<int, string, string> make)
    {
        string joined = input, last = input;
        for (int i = 1; i <= 3; i++)
        {
            joined = builder.Append(Path($"{prefix}joined{i}"), new Concat(), joined, make(i, last));
            string fused = builder.Conv(Path($"{prefix}c{i}.body.0"), joined, (i + 1) * Channels, Channels, size: 1);
            last = builder.Append(Path($"{prefix}c{i}.body.1"), new Relu(), fused);
        }

        return last;
    }

    // CARN-M's three blocks are one: its weights are taken once, and the nodes told apart by a number.
    private string Residual(NetworkBuilder builder, string prefix, int unit, string x)
    {
        string name = Path($"{prefix}b{unit}"), made;
        if (IsMobile)
        {
            string weights = prefix + "b1.body.";
            string first = builder.Append(name + ".body.1", new Relu(), builder.Conv(weights + "0", x, Channels, Channels, size: 3, Groups, node: name + ".body.0"));
            string second = builder.Append(name + ".body.3", new Relu(), builder.Conv(weights + "2", first, Channels, Channels, size: 3, Groups, node: name + ".body.2"));
            made = builder.Conv(weights + "4", second, Channels, Channels, size: 1, node: name + ".body.4");
        }
        else
        {
            string hidden = builder.Append(name + ".body.1", new Relu(), Ghosts.Conv3x3(builder, name + ".body.0", x, Channels, Channels));
            made = Ghosts.Conv3x3(builder, name + ".body.2", hidden, Channels, Channels);
        }

        return builder.Append(name, new Relu(), builder.Append(name + ".sum", new Add(), made, x));
    }

    private static string Path(FormattableString path) => path.ToString(CultureInfo.InvariantCulture);
}
