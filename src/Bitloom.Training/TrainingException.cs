namespace Bitloom.Training;

/// <summary>Training cannot start or go on; the message says where, why, and what to do.</summary>
public sealed class TrainingException(string message) : Exception(message);
