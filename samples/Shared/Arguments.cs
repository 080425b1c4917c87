using System.Globalization;

namespace Samples;

/// <summary>What commands have in common in reading their command lines.</summary>
public static class Arguments
{
    /// <summary>True where help is asked for, which no arguments at all do.</summary>
    public static bool AskForHelp(string[] arguments) => arguments.Length == 0 || arguments.Any(a => a is "--help" or "-h");

    /// <summary>The value of an option that is a whole number from 1.</summary>
    /// <exception cref="BadInputException">It is missing, no whole number, or out of range.</exception>
    public static int Number(string option, string? text, int greatest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 && value <= greatest
            ? value
            : throw new BadInputException(Invariant($"{option} {text ?? "without a value"}: give a whole number from 1 to {greatest}"));
}
