using Bitloom.Runtime;

namespace Bitloom.Parity.Tests.Harness;

/// <summary>Calls an emitted session's typed <c>Run</c> over spans, which is what programs use, for the commonest signatures.</summary>
internal static class SpanRun
{
    private delegate void OneToOne(ReadOnlySpan<float> input, Span<float> output);

    private delegate void OneToTwo(ReadOnlySpan<float> input, Span<float> first, Span<float> second);

    private delegate void TwoToOne(ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> output);

    /// <summary>What to call for each run, or null where the signature is another one. Calling it allocates nothing of its own.</summary>
    internal static Action? Bind(BloomSession session, Memory<float>[] inputs, Memory<float>[] outputs)
    {
        switch (inputs.Length, outputs.Length)
        {
            case (1, 1):
                OneToOne oneToOne = Typed<OneToOne>(session);
                return () => oneToOne(inputs[0].Span, outputs[0].Span);
            case (1, 2):
                OneToTwo oneToTwo = Typed<OneToTwo>(session);
                return () => oneToTwo(inputs[0].Span, outputs[0].Span, outputs[1].Span);
            case (2, 1):
                TwoToOne twoToOne = Typed<TwoToOne>(session);
                return () => twoToOne(inputs[0].Span, inputs[1].Span, outputs[0].Span);
            default:
                return null;
        }
    }

    private static TDelegate Typed<TDelegate>(BloomSession session)
        where TDelegate : Delegate
    {
        Type[] parameters = [.. typeof(TDelegate).GetMethod("Invoke")!.GetParameters().Select(p => p.ParameterType)];
        return session.GetType().GetMethod("Run", parameters)?.CreateDelegate<TDelegate>(session)
            ?? throw new InvalidOperationException($"{session.GetType()} has no Run({string.Join(", ", parameters.Select(p => p.Name))}).");
    }
}
