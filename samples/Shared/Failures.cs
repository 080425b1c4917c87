namespace Samples;

/// <summary>The user's input cannot be worked on. The message is one line that says what is wrong and what to do.</summary>
public sealed class BadInputException(string message) : Exception(message);

/// <summary>The machine cannot do what was asked. The message is one line that says what failed and what to do.</summary>
public sealed class MachineFailureException(string message) : Exception(message);
