using Bitloom.Runtime;
using Bitloom.Runtime.Images;

namespace Classify;

/// <summary>A class and how probable it is.</summary>
/// <param name="Name">The class.</param>
/// <param name="Probability">0 to 1; those of all classes add up to 1.</param>
internal readonly record struct Guess(string Name, double Probability);

/// <summary>Names what is in a picture.</summary>
internal sealed class PictureClassifier : IDisposable
{
    private readonly Network _network;
    private readonly BloomSession _session;
    private readonly float[] _image;
    private readonly float[][] _outputs;

    /// <summary>Makes a session.</summary>
    /// <param name="network">The network to run.</param>
    /// <param name="threads">Threads that share the work.</param>
    internal PictureClassifier(Network network, int threads)
    {
        _network = network;
        _session = network.Create(threads);
        _image = new float[_session.Inputs[0].Length];
        _outputs = [.. _session.Outputs.Select(o => new float[o.Length])];
    }

    /// <summary>Height and width of the image that the network takes.</summary>
    internal int Side => _session.Inputs[0].Height;

    /// <summary>The resolution that the last picture was classified at.</summary>
    internal string Resolution => _network.Resolutions[_network.Chosen(_session)];

    /// <summary>Takes a picture as the network's image: the middle seven eighths of its shorter side, as in training.</summary>
    internal void Load(Image picture)
    {
        Image colours = picture.WithChannels(3);
        int wanted = Side * 8 / 7, shorter = Math.Min(colours.Width, colours.Height);
        if (shorter != wanted)
            colours = Bicubic.Resize(colours, Math.Max(wanted, (int)Math.Round((double)colours.Width * wanted / shorter)), Math.Max(wanted, (int)Math.Round((double)colours.Height * wanted / shorter)));
        Image middle = colours.Crop((colours.Width - Side) / 2, (colours.Height - Side) / 2, Side, Side);
        for (int colour = 0; colour < 3; colour++) ImagePlanes.ReadPlane(middle, colour, 0, Side, _image.AsSpan(colour * Side * Side, Side * Side));
    }

    /// <summary>Runs the network on the image; the most probable class first.</summary>
    internal IReadOnlyList<Guess> Classify()
    {
        _session.Run([_image], _outputs);
        float[] scores = _outputs[0];
        double highest = scores.Max(), sum = scores.Sum(s => Math.Exp(s - highest));
        return [.. scores.Select((s, i) => new Guess(Labels.All[i], Math.Exp(s - highest) / sum)).OrderByDescending(g => g.Probability)];
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
