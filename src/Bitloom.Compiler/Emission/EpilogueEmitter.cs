using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>
/// Writes the method that finishes one channel of one block: source values, then the epilogue's operations in order, then the stores.
/// Values are lanes of single precision; products and sums are rounded one by one, so every vector width gives the same bits.
/// </summary>
internal static class EpilogueEmitter
{
    /// <summary>Parameters of the method that follow the source.</summary>
    internal static IReadOnlyList<string> Parameters(Epilogue epilogue)
    {
        var parameters = new List<string>();
        if (epilogue.Constants.Count > 0) parameters.Add("float* constants");
        for (int i = 0; i < epilogue.Operands.Count; i++) parameters.Add(FormattableString.Invariant($"float* operand{i}"));
        if (epilogue.FloatStore is not null) parameters.Add("float* target");
        for (int i = 0; i < epilogue.SignStores.Count; i++) parameters.Add(FormattableString.Invariant($"byte* signs{i}"));
        if (NeedsMask(epilogue)) parameters.Add("byte* mask");
        return parameters;
    }

    /// <summary>True where the method needs to know which pixels are image.</summary>
    internal static bool NeedsMask(Epilogue epilogue) => epilogue.SignStores.Count > 0 || epilogue.FloatStore is { Clean: true };

    /// <summary>The variable of a per-channel constant, named after what it does.</summary>
    internal static string Constant(Epilogue epilogue, int index)
    {
        string role = epilogue.Operations.Any(o => o is PReluOperation p && p.Slope == index) ? "slope"
            : epilogue.Operations.Any(o => o is MultiplyAddOperation m && m.Scale == index) ? "scale"
            : epilogue.Operations.Any(o => o is MultiplyAddOperation m && m.Bias == index) ? "bias"
            : IsDirection(epilogue, index) ? "flips" : "threshold";
        return FormattableString.Invariant($"{role}{index}");
    }

    /// <summary>The formula, for a comment.</summary>
    internal static string Describe(Epilogue epilogue)
    {
        string Name(int index) => Constant(epilogue, index);
        string text = "sum";
        foreach (EpilogueOperation operation in epilogue.Operations)
            text = operation switch
            {
                MultiplyAddOperation o => (o.Scale is { } s ? $"{Factor(text)} * {Name(s)}" : text) + (o.Bias is { } b ? $" + {Name(b)}" : ""),
                PReluOperation o => $"PReLU({text}, {Name(o.Slope)})",
                LeakyReluOperation { Slope: 0 } => $"ReLU({text})",
                LeakyReluOperation o => $"LeakyReLU({text}, {Literal.Float(o.Slope)})",
                AddOperation o => $"{text} + operand{o.Operand}",
                SubtractOperation { Reversed: true } o => $"operand{o.Operand} - ({text})",
                SubtractOperation o => $"{text} - operand{o.Operand}",
                MultiplyOperation o => $"{Factor(text)} * operand{o.Operand}",
                ClipOperation o => $"clip({text}, {Literal.Float(o.Least)}, {Literal.Float(o.Most)})",
                HardSigmoidOperation o => $"{(o.IsGate ? "HardSwish" : "HardSigmoid")}({text})",
                SigmoidOperation => $"sigmoid({text})",
                GeluOperation => $"GELU({text})",
                _ => text,
            };
        return text;

        static string Factor(string sum) => sum.Contains(' ') && !sum.EndsWith(")", StringComparison.Ordinal) ? $"({sum})" : sum;
    }

    /// <summary>
    /// The body, without the method's heading; <paramref name="sums"/> is the form of its source, null for fp32 values. With
    /// <paramref name="fetchesAhead"/> there is a parameter <c>ahead</c> for <see cref="PrefetchedRuns"/>.
    /// </summary>
    internal static void Emit(CodeWriter writer, Epilogue epilogue, SumForm? sums, bool fetchesAhead)
    {
        EmitConstants(writer, epilogue, sums);
        IEnumerable<EpilogueOperation> operations = epilogue.Operations;
        if (sums is { Kind: SumKind.Counts })
        {
            EmitResponses(writer, epilogue, sums);
            operations = operations.Skip(SumForm.OwnOperations(epilogue).Count());
        }

        using (writer.Block("for (nint pixel = 0; pixel < BlockPixels; pixel += 32)"))
        {
            if (sums is not null)
            {
                string type = sums.Kind switch { SumKind.Words => "short", SumKind.Counts => "byte", _ => "sbyte" };
                if (!sums.IsInOrder) writer.Line("// Sums of 16 pixels lie together; the groups of 16 lie in the order of the byte interleaving.");
                writer.Line($"{type}* sums = ({type}*)source + {(sums.IsInOrder ? "pixel" : "(((pixel >> 4) & 7) * Lanes.Bytes) + ((pixel >> 7) * 16)")};");
            }

            if (NeedsMask(epilogue)) writer.Line("uint image = *(uint*)(mask + (pixel >> 3));");
            for (int i = 0; i < epilogue.SignStores.Count; i++) writer.Line(FormattableString.Invariant($"uint bits{i} = 0;"));
            using (writer.Block("for (int lane = 0; lane < 32; lane += Lanes.Floats)"))
            {
                writer.Line($"Floats value = {Source(sums)};");
                if (sums is { Kind: SumKind.Halves } && sums.DoubledScale(epilogue) is null) writer.Line("value += value;");
                foreach (EpilogueOperation operation in operations) writer.Line(Statement(operation, "value", index => Constant(epilogue, index)));
                if (fetchesAhead)
                    foreach (PrefetchedRun run in PrefetchedRuns(epilogue)) writer.Line($"if (lane % 16 == 0) Lanes.Prefetch({run.Name} + ahead + pixel + lane);");
                if (epilogue.FloatStore is not null) writer.Line("value.Store(target + pixel + lane);");
                for (int i = 0; i < epilogue.SignStores.Count; i++)
                    writer.Line(FormattableString.Invariant($"bits{i} |= Lanes.AtLeastMask(value, {(epilogue.SignStores[i].Threshold is { } threshold ? Constant(epilogue, threshold) : "Floats.Zero")}) << lane;"));
            }

            if (epilogue.FloatStore is { Clean: true }) writer.Line("if (image != uint.MaxValue) Lanes.ClearOutside(target + pixel, image);");
            for (int i = 0; i < epilogue.SignStores.Count; i++)
                writer.Line(FormattableString.Invariant($"*(uint*)(signs{i} + (pixel >> 3)) = {(epilogue.SignStores[i].Direction is { } flips ? $"(bits{i} ^ {Constant(epilogue, flips)})" : $"bits{i}")} & image;"));
        }
    }

    /// <summary>The variables of constants that the operations use.</summary>
    internal static void EmitConstants(CodeWriter writer, Epilogue epilogue, SumForm? sums = null)
    {
        for (int i = 0; i < epilogue.Constants.Count; i++)
        {
            if (epilogue.Shuffle?.Sign is { } later && (later.Threshold == i || later.Direction == i)) continue;
            string constant = FormattableString.Invariant($"constants[{i}]");
            writer.Line(IsDirection(epilogue, i)
                ? $"uint {Constant(epilogue, i)} = {constant} < 0 ? uint.MaxValue : 0;"
                : $"Floats {Constant(epilogue, i)} = Vec.Create({(sums?.DoubledScale(epilogue) == i ? "2 * " : "")}{constant});");
        }
    }

    /// <summary>The operations on <c>value</c>, with operands at <c>at</c>.</summary>
    internal static void EmitOperations(CodeWriter writer, Epilogue epilogue)
    {
        foreach (EpilogueOperation operation in epilogue.Operations) writer.Line(Statement(operation, "value", index => Constant(epilogue, index), "at"));
    }

    /// <summary>
    /// The body of a method that finishes rows of a channel: sums <c>sourcePitch</c> apart, operands and target as rows of planes. Where pixels
    /// are shuffled next, the target is scratch memory that lies as the sums do. Rows of so many columns, where these are
    /// given, need no loop.
    /// </summary>
    internal static void EmitRows(CodeWriter writer, Epilogue epilogue, int? columns, int lanes)
    {
        EmitConstants(writer, epilogue);
        using (writer.Block("for (int row = 0; row < rows; row++)"))
        {
            const string whole = "value.Store(target + at);";
            if (columns is null)
            {
                using (writer.Block("for (int at = 0; at < width; at += Lanes.Floats)"))
                    EmitRowVector(writer, epilogue, $"if (width - at >= Lanes.Floats) {whole}\nelse Lanes.StoreRowEnd(value, target + at, width - at);");
            }

            for (int at = 0; at < columns; at += lanes)
                using (writer.Block())
                {
                    writer.Line(FormattableString.Invariant($"const int at = {at};"));
                    EmitRowVector(writer, epilogue, columns - at >= lanes ? whole : FormattableString.Invariant($"Lanes.StoreRowEnd(value, target + at, {columns - at});"));
                }

            writer.Line($"source += sourcePitch;\ntarget += {(epilogue.Shuffle is null ? "pitch" : "sourcePitch")};");
            for (int i = 0; i < epilogue.Operands.Count; i++) writer.Line(FormattableString.Invariant($"operand{i} += pitch;"));
        }
    }

    private static void EmitRowVector(CodeWriter writer, Epilogue epilogue, string store)
    {
        writer.Line("Floats value = Vec.Load(source + at);");
        EmitOperations(writer, epilogue);
        foreach (PrefetchedRun run in PrefetchedRuns(epilogue)) writer.Line($"Lanes.PrefetchFar({run.Name} + ahead + at);");
        writer.Line(store);
    }

    /// <summary>
    /// Runs of fp32 values whose continuation in the next channel, <c>ahead</c> values on, is fetched while this channel is finished.
    /// A channel's run of one block is shorter than a page, so no hardware prefetcher follows from one to the next.
    /// </summary>
    internal static IReadOnlyList<PrefetchedRun> PrefetchedRuns(Epilogue epilogue)
    {
        var runs = epilogue.Operands.Select((o, i) => new PrefetchedRun(FormattableString.Invariant($"operand{i}"), o)).ToList();
        if (epilogue is { FloatStore.InPlace: false, Shuffle: null }) runs.Add(new PrefetchedRun("target", null));
        return runs;
    }

    // What the operations before the first operand make of every sum, 16 sums a vector.
    private static void EmitResponses(CodeWriter writer, Epilogue epilogue, SumForm sums)
    {
        writer.Line();
        writer.Line(FormattableString.Invariant($"// A sum has {sums.Taps + 1} values: what becomes of each is computed once, and looked up for every pixel."));
        for (int table = 0; table < sums.Tables; table++)
        {
            string name = FormattableString.Invariant($"response{table}");
            writer.Line(FormattableString.Invariant($"Floats {name} = Lanes.SumsFrom({(32 * table) - sums.Taps});"));
            foreach (EpilogueOperation operation in SumForm.OwnOperations(epilogue)) writer.Line(Statement(operation, name, index => Constant(epilogue, index)));
        }

        writer.Line();
    }

    private static string Source(SumForm? sums)
    {
        if (sums is null) return "Vec.Load(source + pixel + lane)";
        string at = sums.IsInOrder ? "sums + lane" : "sums + (lane / 16 * Lanes.Bytes) + (lane % 16)";
        return sums.Kind switch
        {
            SumKind.Counts => $"Lanes.Lookup({at}, {string.Join(", ", Enumerable.Range(0, sums.Tables).Select(t => FormattableString.Invariant($"response{t}")))})",
            SumKind.Words => $"Lanes.WordsToFloats({at})",
            _ => $"Lanes.BytesToFloats({at})",
        };
    }

    private static bool IsDirection(Epilogue epilogue, int index) => epilogue.SignStores.Any(s => s.Direction == index);

    /// <summary>C# of an operation on the variable <paramref name="value"/>, with operands at <paramref name="at"/>.</summary>
    internal static string Statement(EpilogueOperation operation, string value, Func<int, string> constant, string at = "pixel + lane") => operation switch
    {
        MultiplyAddOperation { Scale: { } scale, Bias: { } bias } => $"{value} = ({value} * {constant(scale)}) + {constant(bias)};",
        MultiplyAddOperation { Scale: { } scale } => $"{value} *= {constant(scale)};",
        MultiplyAddOperation { Bias: { } bias } => $"{value} += {constant(bias)};",
        PReluOperation { Slope: var slope, IsMaximum: var isMaximum } => Bend(value, $"{value} * {constant(slope)}", isMaximum),
        LeakyReluOperation { Slope: 0 } => Bend(value, "Floats.Zero", isMaximum: true),
        LeakyReluOperation { Slope: var slope } => Bend(value, $"{value} * Vec.Create({Literal.Float(slope)})", isMaximum: slope <= 1),
        AddOperation { Operand: var operand } => FormattableString.Invariant($"{value} += Vec.Load(operand{operand} + {at});"),
        SubtractOperation { Operand: var operand, Reversed: false } => FormattableString.Invariant($"{value} -= Vec.Load(operand{operand} + {at});"),
        SubtractOperation { Operand: var operand } => FormattableString.Invariant($"{value} = Vec.Load(operand{operand} + {at}) - {value};"),
        MultiplyOperation { Operand: var operand } => FormattableString.Invariant($"{value} *= Vec.Load(operand{operand} + {at});"),
        ClipOperation clip => $"{value} = Clip({value}, {Literal.Float(clip.Least)}, {Literal.Float(clip.Most)});",
        HardSigmoidOperation o =>
            $"{value} = {(o.IsGate ? $"{value} * " : "")}Clip(({value} * Vec.Create({Literal.Float(o.Scale)})) + Vec.Create({Literal.Float(o.Bias)}), 0f, 1f);",
        SigmoidOperation => $"{value} = Sigmoid({value});",
        GeluOperation => $"{value} = Gelu({value});",
        _ => throw new InvalidOperationException($"{operation} has no code."),
    };

    // Of two equal zeros and of a number and NaN, the instruction takes the second.
    private static string Bend(string value, string negative, bool isMaximum) => isMaximum
        ? $"{value} = Vec.MaxNative({negative}, {value});"
        : $"{value} = Vec.ConditionalSelect(Vec.LessThan({value}, Floats.Zero), {negative}, {value});";
}
