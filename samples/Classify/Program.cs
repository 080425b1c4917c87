using System.Diagnostics;
using Bitloom.Runtime.Images;
using Samples;

namespace Classify;

/// <summary>The <c>classify</c> command: a photograph in, the names of what may be on it out.</summary>
internal static class Program
{
    private static readonly CommandExit s_exit = new("classify", "interrupted", "give a smaller picture");

    private static int Main(string[] arguments)
    {
        using var interruption = new Interruption();
        return Run(arguments, Console.Out, Console.Error, interruption.Token);
    }

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code: see <see cref="CommandExit.Of"/>.</returns>
    internal static int Run(string[] arguments, TextWriter output, TextWriter errors, CancellationToken cancellation) => s_exit.Of(
        () =>
        {
            if (Request.Parse(arguments) is not { } request)
            {
                output.WriteLine(Request.Help);
                return;
            }

            Image picture = PictureFiles.Load(request.Input);
            cancellation.ThrowIfCancellationRequested();
            Classify(request, picture, output);
        },
        errors);

    private static void Classify(Request request, Image picture, TextWriter output)
    {
        using var classifier = new PictureClassifier(request.Network, request.Threads);
        classifier.Load(picture);

        // The first run also loads code and weights into the caches; the second is what a picture costs.
        classifier.Classify();
        var clock = Stopwatch.StartNew();
        IReadOnlyList<Guess> guesses = classifier.Classify();
        TimeSpan time = clock.Elapsed;

        int longest = Labels.All.Append("resolution").Max(name => name.Length);
        foreach (Guess guess in guesses.Take(request.Guesses)) output.WriteLine(Invariant($"{guess.Name.PadRight(longest)}  {100 * guess.Probability,5:F1} %"));
        IReadOnlyList<string> resolutions = request.Network.Resolutions;
        string choice = resolutions.Count > 1 ? $", of {string.Join(", ", resolutions)}" : "";
        output.WriteLine(Invariant($"{"resolution".PadRight(longest)}  {classifier.Resolution}{choice} pixels"));
        output.WriteLine(Invariant($"{"time".PadRight(longest)}  {time.TotalMilliseconds:F2} ms in the network, {request.Threads} {(request.Threads == 1 ? "thread" : "threads")}"));
    }
}
