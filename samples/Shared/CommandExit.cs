using Bitloom.Runtime.Images;

namespace Samples;

/// <summary>How a command ends: every failure is one line that says what is wrong and what to do, and an exit code that a script can read.</summary>
/// <param name="Name">The command.</param>
/// <param name="Interrupted">What the user is told who interrupted it.</param>
/// <param name="OutOfMemory">What needs less memory.</param>
public sealed record CommandExit(string Name, string Interrupted, string OutOfMemory)
{
    /// <summary>Runs the work of a command.</summary>
    /// <returns>0; 1 where the machine failed (disk, memory); 2 where the input is bad; 130 where the user interrupted it.</returns>
    public int Of(Action work, TextWriter errors)
    {
        try
        {
            work();
            return 0;
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine($"{Name}: {Interrupted}");
            return 130;
        }
        catch (Exception failure) when (failure is BadInputException or ImageFormatException)
        {
            errors.WriteLine($"{Name}: {failure.Message}");
            return 2;
        }
        catch (OutOfMemoryException)
        {
            errors.WriteLine($"{Name}: there is not enough memory; {OutOfMemory}");
            return 1;
        }
        catch (MachineFailureException failure)
        {
            errors.WriteLine($"{Name}: {failure.Message}");
            return 1;
        }
    }
}
