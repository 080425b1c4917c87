using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Graph;

/// <summary>One operator applied to named tensors. It produces one tensor, known by the node's own name.</summary>
/// <param name="Name">Name of the node and of the tensor that it makes, unique among nodes and inputs.</param>
/// <param name="Operator">What it computes, with its weights.</param>
/// <param name="Inputs">Names of graph inputs or of earlier nodes.</param>
/// <param name="Location">Where it stands in the descriptor.</param>
public sealed record Node(string Name, Operator Operator, EquatableArray<string> Inputs, SourceLocation Location);

/// <summary>A tensor that the caller gives: dense, planar fp32.</summary>
public sealed record GraphInput(string Name, TensorShape Shape, SourceLocation Location);

/// <summary>A tensor that the caller receives: dense, planar fp32.</summary>
/// <param name="Name">Its name towards the caller.</param>
/// <param name="Tensor">The input or node that makes it.</param>
/// <param name="Location">Where it stands in the descriptor.</param>
public sealed record GraphOutput(string Name, string Tensor, SourceLocation Location);
