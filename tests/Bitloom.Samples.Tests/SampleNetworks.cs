using Samples;

namespace Bitloom.Samples.Tests;

/// <summary>All networks that samples make pictures with.</summary>
internal static class SampleNetworks
{
    private static readonly PictureCommand[] s_commands = [Upscale.Program.Command, Denoise.Program.Command, Deblock.Program.Command];

    /// <summary>Their names, as data of theories.</summary>
    public static IEnumerable<object[]> Names => s_commands.SelectMany(c => c.Networks).Select(n => new object[] { n.Name });

    /// <summary>The network of that name.</summary>
    internal static PictureNetwork Find(string name) => s_commands.SelectMany(c => c.Networks).First(n => n.Name == name);
}
