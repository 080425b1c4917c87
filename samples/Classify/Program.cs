using System.Diagnostics;
using Bitloom.Jpeg;
using Bitloom.Runtime.Images;
using Samples;

namespace Classify;

/// <summary>The <c>classify</c> command: a photograph in, the names of what may be on it out.</summary>
internal static class Program
{
    private const int Success = 0, Failure = 1, BadInput = 2, Interrupted = 130;

    private static int Main(string[] arguments)
    {
        using var interruption = new Interruption();
        return Run(arguments, Console.Out, Console.Error, interruption.Token);
    }

    /// <summary>Runs the command.</summary>
    /// <returns>0; 1 where the machine failed (disk, memory); 2 where the input is bad; 130 where the user interrupted it.</returns>
    internal static int Run(string[] arguments, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        try
        {
            if (Request.Parse(arguments) is not { } request)
            {
                output.WriteLine(Request.Help);
                return Success;
            }

            Image picture = LoadPicture(request.Input);
            cancellation.ThrowIfCancellationRequested();
            Classify(request, picture, output);
            return Success;
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("classify: interrupted");
            return Interrupted;
        }
        catch (Exception failure) when (failure is BadInputException or ImageFormatException)
        {
            errors.WriteLine($"classify: {failure.Message}");
            return BadInput;
        }
        catch (OutOfMemoryException)
        {
            errors.WriteLine("classify: there is not enough memory; give a smaller picture");
            return Failure;
        }
        catch (MachineFailureException failure)
        {
            errors.WriteLine($"classify: {failure.Message}");
            return Failure;
        }
    }

    private static void Classify(Request request, Image picture, TextWriter output)
    {
        using var classifier = new PictureClassifier(request.Threads);
        classifier.Load(picture);

        // The first run also loads code and weights into the caches; the second is what a picture costs.
        classifier.Classify();
        var clock = Stopwatch.StartNew();
        IReadOnlyList<Guess> guesses = classifier.Classify();
        TimeSpan time = clock.Elapsed;

        int longest = Labels.All.Append("resolution").Max(name => name.Length);
        foreach (Guess guess in guesses.Take(request.Guesses)) output.WriteLine(Invariant($"{guess.Name.PadRight(longest)}  {100 * guess.Probability,5:F1} %"));
        output.WriteLine(Invariant($"{"resolution".PadRight(longest)}  {classifier.Resolution}, of {string.Join(", ", PictureClassifier.Resolutions)} pixels"));
        output.WriteLine(Invariant($"{"time".PadRight(longest)}  {time.TotalMilliseconds:F2} ms in the network, {request.Threads} {(request.Threads == 1 ? "thread" : "threads")}"));
    }

    // Failures are told in words of our own: a native executable leaves out the framework's messages.
    private static Image LoadPicture(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException($"{path}: it is a folder; give a picture in it");
        if (!File.Exists(path)) throw new BadInputException($"{path}: there is no such file; check the path");
        try
        {
            return PictureFile.Load(path);
        }
        catch (UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: it cannot be read; check its permissions");
        }
        catch (IOException)
        {
            throw new MachineFailureException($"{path}: it cannot be read to its end; check the disk that it lies on and that no program holds it open");
        }
    }
}
