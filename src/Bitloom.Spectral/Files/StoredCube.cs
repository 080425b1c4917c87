using Bitloom.Arrays;

namespace Bitloom.Spectral.Files;

/// <summary>A cube as a file holds it: values are not scaled.</summary>
/// <param name="Cube">Brought to bands x height x width.</param>
/// <param name="Type">How the file stores a value, which tells what full brightness is.</param>
/// <param name="Layout">How the file orders the dimensions, in words.</param>
public sealed record StoredCube(Cube Cube, ElementType Type, string Layout);

/// <summary>A plane as a file holds it: values are not scaled.</summary>
/// <param name="Plane">The values.</param>
/// <param name="Type">How the file stores a value.</param>
public sealed record StoredPlane(Sensing.Plane Plane, ElementType Type);
