using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Import.Onnx;

/// <summary>
/// What a sign of the file makes of 0. The network's signs are one bit and make +1 of it, so the others are put together from Sign(x)
/// and Sign(-x) by the convolution that reads them.
/// </summary>
internal enum SignForm
{
    /// <summary>+1: the network's Sign(x).</summary>
    Plus,

    /// <summary>-1: <c>-Sign(-x)</c>. The network holds Sign(-x), and convolutions of it have their weights negated.</summary>
    Minus,

    /// <summary>0: <c>(Sign(x) - Sign(-x)) / 2</c>. The network holds Sign(x), and convolutions count Sign(-x) as well.</summary>
    Zero,
}

/// <summary>Which tensors hold signs, and of which form: made by Sign, maybe selected and concatenated since.</summary>
internal sealed class SignTable
{
    private readonly Dictionary<string, SignForm> _forms = new(StringComparer.Ordinal);

    /// <summary>The form of a tensor, or null where it is no sign.</summary>
    internal SignForm? this[string tensor] => _forms.TryGetValue(tensor, out SignForm form) ? form : null;

    /// <summary>Says what a Sign stands for; <see cref="SignForm.Plus"/> unless said.</summary>
    internal void Set(string tensor, SignForm form) => _forms[tensor] = form;

    /// <summary>Learns of a new node.</summary>
    /// <exception cref="ImportException">It joins signs of several forms.</exception>
    internal void Follow(OnnxNode node, Node made)
    {
        if (made.Operator is Sign) Set(made.Name, SignForm.Plus);
        if (made.Operator is not (SelectChannels or Concat) || !made.Inputs.All(_forms.ContainsKey)) return;
        SignForm[] forms = [.. made.Inputs.Select(i => _forms[i]).Distinct()];
        if (forms.Length > 1) throw node.Refuse("it joins signs that make different numbers of 0", "use one spelling of sign for all of them");
        Set(made.Name, forms[0]);
    }
}
