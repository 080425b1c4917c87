using Bitloom.Compiler.Emission.Steps;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>Writes the methods that run a plan's steps: one for what always runs, one for each branch of a gate.</summary>
internal sealed class RunEmitter(Plan plan, IReadOnlyList<StepCode> steps, KernelFile file)
{
    private readonly List<string> _methods = [];

    internal string Emit()
    {
        EmitMethod("/// <summary>One thread's share of every step.</summary>", "internal static void Run(Session s, int part)", new StepRange(0, plan.Steps.Count));
        return string.Join("\n", _methods);
    }

    private void EmitMethod(string summary, string heading, StepRange range)
    {
        var writer = new CodeWriter();
        int place = _methods.Count;
        _methods.Add("");
        writer.Line(summary);
        using (writer.Block(heading))
        {
            writer.Line("byte* scratch = s.Scratch + (part * s.ScratchStride);");
            EmitShares(writer, range);
            for (int i = range.First; i < range.First + range.Count;)
            {
                writer.Line();
                i = EmitStep(writer, range, i);
            }
        }

        _methods[place] = writer.ToString();
    }

    // One step, or several that belong together; the number of the next.
    private int EmitStep(CodeWriter writer, StepRange range, int i)
    {
        WavefrontRange? wavefront = plan.Wavefronts.FirstOrDefault(w => w.First == i);
        if (wavefront is null) EmitComment(writer, i);

        // What comes before a branch has been waited for when the gate chose it.
        if (i > range.First) writer.Line("s.Synchronize();");
        if (plan.Steps[i] is GateStep gate)
        {
            EmitGate(writer, gate, i);
            return gate.End;
        }

        if (wavefront is null) writer.Line(steps[i].Call(file));
        else EmitWavefront(writer, wavefront);
        return i + (wavefront?.Count ?? 1);
    }

    // What each thread does of the levels that these steps, without those of branches, work on.
    private void EmitShares(CodeWriter writer, StepRange range)
    {
        GateStep[] gates = [.. plan.Steps.Skip(range.First).Take(range.Count).OfType<GateStep>()];
        StepCode[] own = [.. steps.Skip(range.First).Take(range.Count).Where(s => !gates.Any(g => g.Branches.Any(b => b.Steps.Contains(s.Index))) && !plan.Wavefronts.Any(w => w.Contains(s.Index)))];
        if (own.Any(s => s.IsFinelyShared) || plan.Wavefronts.Any(w => range.Contains(w.First)))
            writer.Line("ThreadShare share = s.ShareOf(part);");
        foreach (Level level in plan.Levels)
        {
            if (own.Any(s => s.SharedBlocks == level.Index))
                writer.Line(FormattableString.Invariant($"(int first{level.Index}, int end{level.Index}) = share.Of(s.Geometry{level.Index}.Blocks);"));
            if (own.Any(s => s.SharedRuns == level.Index))
                writer.Line(FormattableString.Invariant($"(int firstRun{level.Index}, int endRun{level.Index}) = share.Of(StripPiece.Runs(s.Geometry{level.Index}));"));
            if (own.Any(s => s.SharedRows == level.Index))
                writer.Line(FormattableString.Invariant($"(int firstRow{level.Index}, int endRow{level.Index}) = share.Of(s.Geometry{level.Index}.Height);"));
        }
    }

    private void EmitGate(CodeWriter writer, GateStep gate, int index)
    {
        using (writer.Block(FormattableString.Invariant($"switch (s.Choose{index}(part))")))
        {
            for (int branch = 0; branch < gate.Branches.Count; branch++)
            {
                string method = FormattableString.Invariant($"RunBranch{index}Of{branch}"), name = Literal.Xml(gate.Branches[branch].Name);
                writer.Line(FormattableString.Invariant($"case {branch}: // {name}\n    {method}(s, part);\n    break;"));
                EmitMethod($"/// <summary>Branch {name} of {Literal.Xml(gate.Name)}.</summary>", $"private static void {method}(Session s, int part)", gate.Branches[branch].Steps);
            }
        }
    }

    private void EmitComment(CodeWriter writer, int step) =>
        writer.Line(FormattableString.Invariant($"// {step}. {Literal.Xml(plan.Steps[step].Name)}: {plan.Steps[step].Reason}."));

    private void EmitWavefront(CodeWriter writer, WavefrontRange range)
    {
        FlatStep[] layers = [.. plan.Steps.Skip(range.First).Take(range.Count).OfType<FlatStep>()];
        string startsWithRows = plan.Steps[range.First] is RowStep ? "true" : "false";
        Window[] windows = [.. layers.Select(l => l.Source).OfType<BinaryConvSource>().Select(c => c.Operator.Window)];
        int padY = windows.Max(w => Math.Max(w.PadTop, w.PadBottom)), padX = windows.Max(w => Math.Max(w.PadLeft, w.PadRight)), level = layers[0].Level;
        string wave = FormattableString.Invariant($"wave{range.First}"), delays = string.Join(", ", range.Delays.Select(d => Literal.Integer(d)));
        writer.Line(FormattableString.Invariant($"// {range.First} to {range.First + range.Count - 1} depth first, chunk by chunk, while activations are in cache; each as many chunks behind the first as listed."));
        writer.Line(FormattableString.Invariant($"var {wave} = new Wavefront(s.Geometry{level}, {layers.Max(l => l.Channels)}, [{delays}], {padY}, {padX}, {startsWithRows}, share);"));
        using (writer.Block($"while ({wave}.Next())"))
        {
            writer.Line($"(int first, int end) = ({wave}.First, {wave}.End);");
            foreach (int chunks in range.Folded.Select(f => f.Chunks).Distinct().OrderBy(c => c)) writer.Line(FormattableString.Invariant($"nint fold{chunks} = {wave}.Fold({chunks});"));
            using (writer.Block($"switch ({wave}.IsBarrier ? -1 : {wave}.Layer)"))
            {
                writer.Line("case -1:\n    s.Synchronize();\n    break;");
                for (int i = 0; i < range.Count; i++)
                {
                    EmitComment(writer, range.First + i);
                    writer.Line(FormattableString.Invariant($"case {i}:\n    {steps[range.First + i].CallInWavefront(file, wave)}\n    break;"));
                }
            }
        }
    }
}
