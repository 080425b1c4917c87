using System.Globalization;

namespace Bitloom.Tool;

/// <summary>Writes a plan's description for people: the layer tree, the steps with their reasons, the buffers, the totals.</summary>
internal static class PlanText
{
    /// <summary>Writes everything; the totals come last.</summary>
    internal static void Write(TextWriter output, PlanDescription plan)
    {
        output.WriteLine(plan.Description.Length == 0 ? plan.Network : $"{plan.Network}: {plan.Description}");
        output.WriteLine(plan.Hash);
        output.WriteLine($"inputs: {string.Join(", ", plan.Inputs)}");
        output.WriteLine($"outputs: {string.Join(", ", plan.Outputs)}");
        output.WriteLine();
        output.WriteLine($"layers, work at {plan.Size}:");
        WriteLayers(output, plan.Layers);
        output.WriteLine();
        output.WriteLine("steps:");
        WriteSteps(output, plan.Steps);
        if (plan.DepthFirst.Count > 0) output.WriteLine($"depth first on large images: steps {string.Join(", ", plan.DepthFirst)}");
        foreach (BranchRow branch in plan.Branches)
            output.WriteLine(Text($"branch {branch.Name} of {branch.Gate}: steps {branch.FirstStep} to {branch.LastStep}, {branch.Macs:N0} MACs"));
        output.WriteLine();
        output.WriteLine($"buffers at {plan.Size}:");
        WriteTable(output, plan.Buffers.Select(b => new[] { b.Name, b.Kind, b.Shape, Text($"{b.Bytes:N0} bytes") }));
        output.WriteLine();
        output.WriteLine(plan.Totals.ToString());
    }

    // Names with dots, as frameworks give them to nested modules, become a tree: a module's line stands above its parts.
    private static void WriteLayers(TextWriter output, IReadOnlyList<LayerRow> layers)
    {
        var rows = new List<string[]>();
        string[] modules = [];
        string previous = "";
        foreach (LayerRow layer in layers)
        {
            string[] parts = layer.Name.Split('.');
            int shared = 0;
            while (shared < parts.Length - 1 && shared < modules.Length && parts[shared] == modules[shared]) shared++;
            modules = parts[..^1];
            for (int depth = shared; depth < modules.Length; depth++)
            {
                // The line just above stands for the module where a node has its very name.
                if (string.Join('.', modules[..(depth + 1)]) != previous) rows.Add([Indent(depth, modules[depth]), "", "", ""]);
            }

            rows.Add([Indent(modules.Length, parts[^1]), layer.Operator, layer.Shape, layer.Macs > 0 ? Text($"{layer.Macs:N0} MACs") : ""]);
            previous = layer.Name;
        }

        WriteTable(output, rows);
    }

    private static void WriteSteps(TextWriter output, IReadOnlyList<StepRow> steps)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            StepRow step = steps[i];
            string flow = $"{string.Join(", ", step.Reads.DefaultIfEmpty("caller"))} -> {string.Join(", ", step.Writes.DefaultIfEmpty("caller"))}";
            output.WriteLine(Text($"  {i}. {step.Name}: {step.Kernel}, {flow}{(step.Macs > 0 ? Text($", {step.Macs:N0} MACs") : "")}"));
            if (step.Nodes.Count > 1) output.WriteLine($"     computes {string.Join(", ", step.Nodes)}");
            output.WriteLine($"     because {step.Reason}");
        }
    }

    private static void WriteTable(TextWriter output, IEnumerable<string[]> rows)
    {
        string[][] lines = [.. rows];
        if (lines.Length == 0) return;
        int[] widths = [.. Enumerable.Range(0, lines[0].Length).Select(c => lines.Max(l => l[c].Length))];
        foreach (string[] line in lines)
            output.WriteLine("  " + string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string Indent(int depth, string text) => new string(' ', 2 * depth) + text;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
