namespace Bitloom.Scenes;

/// <summary>A part of a picture, in pixels.</summary>
internal sealed record Rectangle(int X, int Y, int Width, int Height);
