using System.Diagnostics;
using Bitloom.Runtime.Images;
using Samples;

namespace Upscale;

/// <summary>The <c>upscale</c> command: a picture in, a picture of twice the width and height out.</summary>
internal static class Program
{
    private const int Success = 0, Failure = 1, BadInput = 2, Interrupted = 130;

    private static int Main(string[] arguments)
    {
        using var interruption = new Interruption();
        return Run(arguments, Console.Out, Console.Error, isTerminal: !Console.IsErrorRedirected, interruption.Token);
    }

    /// <summary>Runs the command.</summary>
    /// <returns>0; 1 where the machine failed (disk, memory); 2 where the input is bad; 130 where the user interrupted it.</returns>
    internal static int Run(string[] arguments, TextWriter output, TextWriter errors, bool isTerminal, CancellationToken cancellation)
    {
        try
        {
            if (Request.Parse(arguments) is not { } request)
            {
                output.WriteLine(Request.Help);
                return Success;
            }

            Upscale(request, output, errors, isTerminal, cancellation);
            return Success;
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("upscale: interrupted, nothing was written");
            return Interrupted;
        }
        catch (Exception failure) when (failure is BadInputException or ImageFormatException)
        {
            errors.WriteLine($"upscale: {failure.Message}");
            return BadInput;
        }
        catch (OutOfMemoryException)
        {
            errors.WriteLine("upscale: there is not enough memory; give fewer rows at a time, e.g. --band 64");
            return Failure;
        }
        catch (MachineFailureException failure)
        {
            errors.WriteLine($"upscale: {failure.Message}");
            return Failure;
        }
    }

    private static void Upscale(Request request, TextWriter output, TextWriter errors, bool isTerminal, CancellationToken cancellation)
    {
        var total = Stopwatch.StartNew();
        PictureFiles.CheckPaths(request.Input, request.Output);
        Image picture = PictureFiles.Load(request.Input);
        PictureFiles.CheckFormat(request.Output, picture);

        using var upscaler = new PictureUpscaler(picture, request.Threads, request.BandRows);
        TimeSpan network;
        Image enlarged;
        using (var progress = new ProgressBar(errors, isTerminal))
        {
            var clock = Stopwatch.StartNew();
            enlarged = upscaler.Upscale(progress, cancellation);
            network = clock.Elapsed;
        }

        PictureFiles.Save(request.Output, enlarged, cancellation);
        output.WriteLine(Invariant($"{request.Output}: {enlarged.Width} x {enlarged.Height} pixels in {total.Elapsed.TotalSeconds:F2} s"));
        if (request.PrintsStatistics) Statistics.Write(output, upscaler, enlarged, network);
    }
}
