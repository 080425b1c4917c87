using Bitloom.Runtime;

namespace Samples;

/// <summary>A compiled network that makes a picture from a picture.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Purpose">What it does, in a few words for a list.</param>
/// <param name="Channels">Channels in and out: 3 for colours, 1 for luma.</param>
/// <param name="Scale">Output pixels for one input pixel, along each side.</param>
/// <param name="HaloRows">Input rows above and below a band of rows that the band's output depends on.</param>
/// <param name="ArenaBytesPerPixel">Bytes of activations for an input pixel.</param>
/// <param name="Create">Makes a session for a height, a width and a number of threads.</param>
public sealed record PictureNetwork(string Name, string Purpose, int Channels, int Scale, int HaloRows, long ArenaBytesPerPixel, Func<int, int, int, BloomSession> Create);
