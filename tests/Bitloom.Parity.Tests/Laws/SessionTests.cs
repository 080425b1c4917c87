using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>How sessions behave: no allocation, no memory of earlier runs, nothing written that is not theirs.</summary>
public sealed class SessionTests
{
    private const int GuardLength = 64;
    private const float GuardValue = 1234567f;

    // Other parts of the process (tiered compilation, the test host) allocate now and then; a run that allocates does so every time.
    private const int AllocationAttempts = 20;

    // How a session behaves depends less on the network than what it computes does.
    private const int Share = 4;

    [Fact]
    public void Run_allocates_nothing() => RandomCases.CheckAll(GraphKind.Mixed, network => Check(network, (model, threads) =>
    {
        using BloomSession session = model.CreateSession(network, threads);
        float[][] inputs = CompiledModel.InputArrays(session, network), outputs = CompiledModel.OutputArrays(session);
        Action? spans = SpanRun.Bind(session, Memories(inputs), Memories(outputs));
        Action run = spans ?? (() => session.Run(inputs, outputs));
        run();
        long own = LeastAllocated(run, GC.GetAllocatedBytesForCurrentThread), total = LeastAllocated(run, () => GC.GetTotalAllocatedBytes(precise: true));
        return own == 0 && total == 0 ? null : $"a run allocates {own} bytes on the caller's thread, {total} on all";
    }), Share);

    [Fact]
    public void Runs_leave_nothing_behind() => RandomCases.CheckAll(GraphKind.Mixed, network => Check(network, (model, threads) =>
    {
        NetworkCase other = Disturbed(network);
        using BloomSession session = model.CreateSession(network, threads);
        IReadOnlyDictionary<string, Tensor> first = CompiledModel.Run(session, network);
        CompiledModel.Run(session, other);
        return Difference.InBits(first, CompiledModel.Run(session, network)) is { } change ? $"a second run gives another result: {change}" : null;
    }), Share);

    [Fact]
    public void Sessions_do_not_disturb_one_another() => RandomCases.CheckAll(GraphKind.Mixed, network => Check(network, (model, threads) =>
    {
        NetworkCase other = Disturbed(network);
        using BloomSession session = model.CreateSession(network, threads), neighbour = model.CreateSession(other, threads);
        IReadOnlyDictionary<string, Tensor> alone = CompiledModel.Run(session, network), neighbourAlone = CompiledModel.Run(neighbour, other);
        Task<IReadOnlyDictionary<string, Tensor>> beside = Task.Run(() => CompiledModel.Run(neighbour, other));
        IReadOnlyDictionary<string, Tensor> together = CompiledModel.Run(session, network);
        return (Difference.InBits(alone, together) ?? Difference.InBits(neighbourAlone, beside.GetAwaiter().GetResult())) is { } change
            ? $"two sessions at once: {change}" : null;
    }), Share);

    [Fact]
    public void Run_writes_its_outputs_and_nothing_else() => RandomCases.CheckAll(GraphKind.Mixed, network => Check(network, (model, threads) =>
    {
        using BloomSession session = model.CreateSession(network, threads);
        float[][] inputs = [.. CompiledModel.InputArrays(session, network).Select(Guarded)];
        float[][] outputs = [.. CompiledModel.OutputArrays(session).Select(Guarded)];
        float[][] inputsBefore = [.. inputs.Select(i => (float[])i.Clone())];
        if (SpanRun.Bind(session, [.. inputs.Select(Inside)], [.. outputs.Select(Inside)]) is not { } run) return null;
        run();

        for (int i = 0; i < inputs.Length; i++)
            if (!inputs[i].AsSpan().SequenceEqual(inputsBefore[i])) return $"input '{session.Inputs[i].Name}' or what lies around it was written";
        IReadOnlyDictionary<string, Tensor> expected = CompiledModel.Run(session, network);
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i][..GuardLength].Concat(outputs[i][^GuardLength..]).Any(v => v != GuardValue)) return $"values around output '{session.Outputs[i].Name}' were written";
            if (!Inside(outputs[i]).Span.SequenceEqual(expected[session.Outputs[i].Name].Values)) return $"output '{session.Outputs[i].Name}' differs between spans and arrays";
        }

        return null;
    }), Share);

    [Fact]
    public void Arrays_of_the_wrong_number_or_length_are_refused()
    {
        NetworkCase network = RandomNetwork.Draw(0, GraphKind.Binary);
        using CompiledModel model = CompiledModel.Compile(network.Graph);
        using BloomSession session = model.CreateSession(network);
        float[][] inputs = CompiledModel.InputArrays(session, network), outputs = CompiledModel.OutputArrays(session);
        Assert.Throws<ArgumentException>(() => session.Run([], outputs));
        Assert.Throws<ArgumentException>(() => session.Run(inputs, []));
        Assert.Throws<ArgumentException>(() => session.Run([.. inputs.Select(i => i[1..])], outputs));
        Assert.Throws<ArgumentException>(() => session.Run(inputs, [.. outputs.Select(o => o[1..])]));
    }

    /// <summary>Applies a law to one model with one thread and with two.</summary>
    private static string? Check(NetworkCase network, Func<CompiledModel, int, string?> law)
    {
        using CompiledModel model = CompiledModel.Compile(network.Graph);
        foreach (int threads in new[] { 1, 2 })
            if (law(model, threads) is { } failure) return $"{network.Name}, {threads} threads: {failure}";
        return null;
    }

    private static long LeastAllocated(Action run, Func<long> allocated)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < AllocationAttempts && least > 0; attempt++)
        {
            long before = allocated();
            run();
            least = Math.Min(least, allocated() - before);
        }

        return least;
    }

    /// <summary>The same network on other inputs.</summary>
    private static NetworkCase Disturbed(NetworkCase network) => network with
    {
        Inputs = network.Inputs.ToDictionary(i => i.Key, i => new Tensor(i.Value.Channels, i.Value.Height, i.Value.Width, [.. i.Value.Values.Select(v => 1 - v)])),
    };

    private static Memory<float>[] Memories(float[][] arrays) => [.. arrays.Select(a => a.AsMemory())];

    // An odd number of values on the left, so that the inner span is aligned to nothing but a float.
    private static float[] Guarded(float[] values) =>
        [.. Enumerable.Repeat(GuardValue, GuardLength + 1), .. values, .. Enumerable.Repeat(GuardValue, GuardLength)];

    private static Memory<float> Inside(float[] guarded) => guarded.AsMemory(GuardLength + 1, guarded.Length - (2 * GuardLength) - 1);
}
