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
    private static string Constant(Epilogue epilogue, int index)
    {
        IEnumerable<SignStore> signs = epilogue.SignStores.Concat(epilogue.Shuffle?.Sign is { } sign ? [sign] : []);
        string role = epilogue.Operations.Any(o => o is PReluOperation p && p.Slope == index) ? "slope"
            : epilogue.Operations.Any(o => o is MultiplyAddOperation m && m.Scale == index) ? "scale"
            : epilogue.Operations.Any(o => o is MultiplyAddOperation m && m.Bias == index) ? "bias"
            : signs.Any(s => s.Scale == index) ? "signScale" : "threshold";
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

    /// <summary>The body, without the method's heading.</summary>
    internal static void Emit(CodeWriter writer, Epilogue epilogue, bool fromWords)
    {
        for (int i = 0; i < epilogue.Constants.Count; i++)
            if (epilogue.Shuffle?.Sign is not { } later || (later.Scale != i && later.Bias != i))
                writer.Line(FormattableString.Invariant($"Floats {Constant(epilogue, i)} = Vec.Create(constants[{i}]);"));
        using (writer.Block("for (int pixel = 0; pixel < BlockPixels; pixel += 32)"))
        {
            if (NeedsMask(epilogue)) writer.Line("uint image = *(uint*)(mask + (pixel / 8));");
            for (int i = 0; i < epilogue.SignStores.Count; i++) writer.Line(FormattableString.Invariant($"uint bits{i} = 0;"));
            using (writer.Block("for (int lane = 0; lane < 32; lane += Lanes.Floats)"))
            {
                writer.Line("int at = pixel + lane;");
                if (fromWords)
                {
                    writer.Line();
                    writer.Line("// Sums of 16 pixels lie together; the groups of 16 lie in the order of the byte interleaving.");
                    writer.Line("Floats value = Lanes.WordsToFloats((short*)source + (((at >> 4) & 7) * Lanes.Bytes) + ((at >> 7) * 16) + (at & 15));");
                }
                else writer.Line("Floats value = Vec.Load(source + at);");
                EmitOperations(writer, epilogue);
                if (epilogue.FloatStore is { } store)
                    writer.Line(store.Clean ? "(image == uint.MaxValue ? value : Lanes.Keep(value, image >> lane)).Store(target + at);" : "value.Store(target + at);");
                for (int i = 0; i < epilogue.SignStores.Count; i++)
                    writer.Line(FormattableString.Invariant($"bits{i} |= Lanes.NonNegativeMask({Signed(epilogue, epilogue.SignStores[i])}) << lane;"));
            }

            for (int i = 0; i < epilogue.SignStores.Count; i++)
                writer.Line(FormattableString.Invariant($"*(uint*)(signs{i} + (pixel / 8)) = bits{i} & image;"));
        }
    }

    /// <summary>Declares the constants of the channel at <c>constants</c>.</summary>
    internal static void EmitConstants(CodeWriter writer, Epilogue epilogue)
    {
        for (int i = 0; i < epilogue.Constants.Count; i++)
            writer.Line(FormattableString.Invariant($"Floats {Constant(epilogue, i)} = Vec.Create(constants[{i}]);"));
    }

    /// <summary>The operations on <c>value</c>, with operands at <c>at</c>.</summary>
    internal static void EmitOperations(CodeWriter writer, Epilogue epilogue)
    {
        foreach (EpilogueOperation operation in epilogue.Operations) writer.Line(Statement(operation, index => Constant(epilogue, index)));
    }

    /// <summary>The body of a method that finishes rows of a channel: sums without gaps, operands and target as rows of planes.</summary>
    internal static void EmitRows(CodeWriter writer, Epilogue epilogue)
    {
        EmitConstants(writer, epilogue);
        using (writer.Block("for (int row = 0; row < rows; row++)"))
        {
            using (writer.Block("for (int at = 0; at < width; at += Lanes.Floats)"))
            {
                writer.Line("Floats value = Vec.Load(source + at);");
                EmitOperations(writer, epilogue);
                writer.Line("if (width - at >= Lanes.Floats) value.Store(target + at);\nelse Lanes.StoreRowEnd(value, target + at, width - at);");
            }

            writer.Line("source += width;\ntarget += pitch;");
            for (int i = 0; i < epilogue.Operands.Count; i++) writer.Line(FormattableString.Invariant($"operand{i} += pitch;"));
        }
    }

    private static string Signed(Epilogue epilogue, SignStore store)
    {
        string text = store.Scale is { } scale ? $"(value * {Constant(epilogue, scale)})" : "value";
        return store.Bias is { } bias ? $"{text} + {Constant(epilogue, bias)}" : text;
    }

    private static string Statement(EpilogueOperation operation, Func<int, string> constant) => operation switch
    {
        MultiplyAddOperation { Scale: { } scale, Bias: { } bias } => $"value = (value * {constant(scale)}) + {constant(bias)};",
        MultiplyAddOperation { Scale: { } scale } => $"value *= {constant(scale)};",
        MultiplyAddOperation { Bias: { } bias } => $"value += {constant(bias)};",
        PReluOperation { Slope: var slope } => Select($"value * {constant(slope)}"),
        LeakyReluOperation { Slope: 0 } => Select("Floats.Zero"),
        LeakyReluOperation { Slope: var slope } => Select($"value * Vec.Create({Literal.Float(slope)})"),
        AddOperation { Operand: var operand } => FormattableString.Invariant($"value += Vec.Load(operand{operand} + at);"),
        SubtractOperation { Operand: var operand, Reversed: false } => FormattableString.Invariant($"value -= Vec.Load(operand{operand} + at);"),
        SubtractOperation { Operand: var operand } => FormattableString.Invariant($"value = Vec.Load(operand{operand} + at) - value;"),
        MultiplyOperation { Operand: var operand } => FormattableString.Invariant($"value *= Vec.Load(operand{operand} + at);"),
        ClipOperation clip => $"value = Clip(value, {Literal.Float(clip.Least)}, {Literal.Float(clip.Most)});",
        HardSigmoidOperation o =>
            $"value = {(o.IsGate ? "value * " : "")}Clip((value * Vec.Create({Literal.Float(o.Scale)})) + Vec.Create({Literal.Float(o.Bias)}), 0f, 1f);",
        SigmoidOperation => "value = Sigmoid(value);",
        GeluOperation => "value = Gelu(value);",
        _ => throw new InvalidOperationException($"{operation} has no code."),
    };

    private static string Select(string negative) =>
        $"value = Vec.ConditionalSelect(Vec.GreaterThanOrEqual(value, Floats.Zero), value, {negative});";
}
