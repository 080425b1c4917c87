using Samples;

namespace Upscale;

/// <summary>The <c>upscale</c> command: a picture in, a larger picture out.</summary>
internal static class Program
{
    /// <summary>The command.</summary>
    internal static readonly PictureCommand Command = new("upscale", "Makes a picture twice or four times as wide and high with a network that is compiled into this program.", Networks.All);

    private static int Main(string[] arguments) => Command.RunOnConsole(arguments);
}
