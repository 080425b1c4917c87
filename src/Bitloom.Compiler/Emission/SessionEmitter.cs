using Bitloom.Compiler.Emission.Steps;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Planning;

namespace Bitloom.Compiler.Emission;

/// <summary>Writes <c>Create</c> and the session class: geometries, arena, expanded weights, typed <c>Run</c>.</summary>
internal sealed class SessionEmitter
{
    private readonly Plan _plan;
    private readonly EmissionOptions _options;
    private readonly IReadOnlyList<StepCode> _steps;
    private readonly SessionFields _fields;
    private readonly IReadOnlyDictionary<int, long> _scratch;
    private readonly CodeWriter _writer = new();
    private readonly IReadOnlyList<string> _sizes;
    private readonly IReadOnlyList<TensorShape> _outputShapes;
    private readonly IReadOnlyList<(string Member, string Parameter)> _names;

    internal SessionEmitter(Plan plan, EmissionOptions options, IReadOnlyList<StepCode> steps, SessionFields fields, IReadOnlyDictionary<int, long> scratchBytes)
    {
        (_plan, _options, _steps, _fields, _scratch) = (plan, options, steps, fields, scratchBytes);
        _sizes = [.. plan.Source.Inputs.SelectMany(i => new[] { i.Shape.Height.FreeSymbol, i.Shape.Width.FreeSymbol }).OfType<string>().Distinct()];
        ShapeTable shapes = ShapeInference.Infer(plan.Source).Value!;
        _outputShapes = [.. plan.Source.Outputs.Select(o => shapes[o.Tensor])];
        _names = UniqueNames(plan.Source.Inputs.Select(i => i.Name).Concat(plan.Source.Outputs.Select(o => o.Name)));
    }

    private NetworkGraph Graph => _plan.Source;

    // Shares that follow speeds are of use where nearly all work is shared finely; the few other steps are shared evenly in any case.
    private bool BalancesThreads => _steps.Count(s => !s.IsFinelyShared) <= _steps.Count / 8;

    internal string Emit()
    {
        EmitConstants();
        _writer.Line();
        EmitCreate();
        _writer.Line();
        _writer.Line($"/// <summary>{Literal.Xml(Graph.Name)} for one image size. <c>Run</c> allocates nothing; dispose it to free its memory and threads.</summary>");
        using (_writer.Block("public sealed unsafe partial class Session : BloomSession"))
        {
            EmitFields();
            _writer.Line();
            EmitConstructor();
            _writer.Line();
            EmitMembers();
            _writer.Line();
            EmitRun();
        }

        return _writer.ToString();
    }

    private void EmitConstants()
    {
        ReceptiveField field = ReceptiveField.Of(Graph);
        string step = field.RowStep == 1 ? "" : FormattableString.Invariant($" Bands start at multiples of {field.RowStep} rows.");
        string rounding = _plan.Steps.Any(s => s is FlatStep { Source: WinogradSource or WinogradPatchSource }) ? " Bands agree with the whole to rounding." : "";
        _writer.Line($"/// <summary>Input rows above and below a band of rows that the band's output depends on.{step}{rounding}</summary>");
        _writer.Line(FormattableString.Invariant($"public const int HaloRows = {Math.Max(field.Above, field.Below)};"));
        _writer.Line();
        _writer.Line("/// <summary>Bytes of activations for a pixel of the first input, margins apart: about what a session of a large image takes.</summary>");
        _writer.Line(FormattableString.Invariant($"public const long ArenaBytesPerPixel = {(long)Math.Ceiling(PlanTotals.Of(_plan).ArenaBytesPerPixel)};"));
    }

    private void EmitCreate()
    {
        string widths = string.Join(", ", _options.VectorWidths.Select(w => FormattableString.Invariant($"VectorWidth.Bits{w}")));
        _writer.Line("/// <summary>Makes a session: allocates its arena and expands the weights. Nothing is allocated later.</summary>");
        foreach (string size in _sizes) _writer.Line($"/// <param name=\"{size}\">Pixels, {SizeText(size)}.</param>");
        _writer.Line("/// <param name=\"threads\">Threads that share the work, the caller's included. Results are the same for any number.</param>");
        _writer.Line("/// <param name=\"vectorWidth\">The kernels to use.</param>");
        _writer.Line("/// <exception cref=\"ArgumentException\">The network cannot take the size, or the machine or the emitted code lacks the vector width.</exception>");
        string parameters = string.Concat(_sizes.Select(s => $"int {s}, "));
        using (_writer.Block($"public static Session Create({parameters}int threads = 1, VectorWidth vectorWidth = VectorWidth.Best)"))
        {
            foreach (SizeRule rule in SizeRules.Of(Graph))
                _writer.Line($"if (!({rule.Condition})) throw new ArgumentException({Literal.String(char.ToUpperInvariant(rule.Demand[0]) + rule.Demand.Substring(1) + ".")});");
            _writer.Line($"return new Session({string.Concat(_sizes.Select(s => s + ", "))}threads, VectorWidths.Choose(vectorWidth, [{widths}]));");
        }
    }

    private string SizeText(string size) => Graph.Inputs.SelectMany(i => new[] { i.Shape.Height, i.Shape.Width }).OfType<SymbolExtent>().First(s => s.Name == size) is { Multiple: > 1 } symbol
        ? FormattableString.Invariant($"a multiple of {symbol.Multiple}") : "1 or more";

    private void EmitFields()
    {
        _writer.Line("private readonly NativeBuffer _arena;");
        _writer.Line("private readonly WeightStore _weights;");
        foreach (Level level in _plan.Levels) _writer.Line(FormattableString.Invariant($"private readonly PlaneGeometry Geometry{level.Index}; // {level}"));
        foreach (Level level in MaskedLevels()) _writer.Line(FormattableString.Invariant($"private readonly byte* Mask{level.Index};"));
        foreach (Slot slot in _plan.Slots)
            _writer.Line($"private readonly {(slot.Kind == SlotKind.Float ? "float" : "byte")}* {slot.Name}; // {slot.Channels.ToString(System.Globalization.CultureInfo.InvariantCulture)} channels of {_plan.Levels[slot.Level]}");
        foreach ((string type, string name, _) in _fields.All) _writer.Line($"private readonly {type} {name};");
        foreach (GateCode gate in _steps.OfType<GateCode>()) gate.EmitFields(_writer);
        _writer.Line("private readonly byte* Scratch;");
        _writer.Line("private readonly long ScratchStride;");
        for (int i = 0; i < Graph.Inputs.Count; i++) _writer.Line(FormattableString.Invariant($"private float* Input{i};"));
        for (int i = 0; i < Graph.Outputs.Count; i++) _writer.Line(FormattableString.Invariant($"private float* Output{i};"));
    }

    private void EmitConstructor()
    {
        _writer.Line($"internal Session({string.Concat(_sizes.Select(s => $"int {s}, "))}int threads, VectorWidth vectorWidth)");
        _writer.Line($"    : base([{string.Join(", ", Graph.Inputs.Select(i => TensorInfo(i.Name, i.Shape)))}], [{string.Join(", ", Graph.Outputs.Select((o, i) => TensorInfo(o.Name, _outputShapes[i])))}], threads, vectorWidth)");
        using (_writer.Block())
        {
            foreach (Level level in _plan.Levels)
                _writer.Line(FormattableString.Invariant($"Geometry{level.Index} = new PlaneGeometry({level.Height.ToCSharp()}, {level.Width.ToCSharp()}, {level.PadY}, {level.PadX}{(IsInBlocks(level) ? "" : ", inBlocks: false")});"));
            _writer.Line();
            _writer.Line("// The arena: masks, tensors, and scratch memory of each thread.");
            _writer.Line("long size = 0;");
            foreach (Level level in MaskedLevels()) _writer.Line(FormattableString.Invariant($"long mask{level.Index} = NativeBuffer.Reserve(ref size, Geometry{level.Index}.MaskBytes);"));
            EmitSlots(ArenaLayout.CommonSlots(_plan));
            foreach ((int index, GateStep gate) in ArenaLayout.OuterGates(_plan)) EmitBranchSlots(index, gate);
            EmitScratchSize();
            _writer.Line("long scratch = NativeBuffer.Reserve(ref size, ScratchStride * threads);");
            _writer.Line("_arena = new NativeBuffer(size);");
            foreach (Level level in MaskedLevels())
            {
                _writer.Line(FormattableString.Invariant($"Mask{level.Index} = _arena.Pointer + mask{level.Index};"));
                _writer.Line(FormattableString.Invariant($"Geometry{level.Index}.WriteMask(Mask{level.Index});"));
            }

            foreach (Slot slot in _plan.Slots)
                _writer.Line(slot.Kind == SlotKind.Float
                    ? FormattableString.Invariant($"{slot.Name} = (float*)(_arena.Pointer + slot{slot.Index}) + Geometry{slot.Level}.FloatOrigin;")
                    : FormattableString.Invariant($"{slot.Name} = _arena.Pointer + slot{slot.Index} + Geometry{slot.Level}.BitOrigin;"));
            _writer.Line("Scratch = _arena.Pointer + scratch;");
            foreach (GateCode gate in _steps.OfType<GateCode>()) gate.EmitConstruction(_writer);
            _writer.Line();
            _writer.Line("_weights = new WeightStore(vectorWidth);");
            foreach ((_, string name, string value) in _fields.All) _writer.Line($"{name} = {value};");
            _writer.Line($"StartThreads({(BalancesThreads ? "balancesThreads: true" : "")});");
        }
    }

    private void EmitSlots(IEnumerable<Slot> slots)
    {
        foreach (Slot slot in slots)
            _writer.Line(FormattableString.Invariant($"long slot{slot.Index} = NativeBuffer.Reserve(ref size, Geometry{slot.Level}.{(slot.Kind == SlotKind.Float ? "FloatBytes" : "BitBytes")}({slot.Channels}));"));
    }

    private void EmitBranchSlots(int index, GateStep gate)
    {
        _writer.Line(FormattableString.Invariant($"long branches{index} = size, end{index} = size; // Of {gate.Name} one branch runs at a time: their tensors share memory."));
        for (int i = 0; i < gate.Branches.Count; i++)
        {
            GateBranch branch = gate.Branches[i];
            if (i > 0) _writer.Line(FormattableString.Invariant($"size = branches{index};"));
            EmitSlots(ArenaLayout.SlotsOf(_plan, branch));
            foreach ((int inner, GateStep nested) in ArenaLayout.OuterGates(_plan, branch.Steps)) EmitBranchSlots(inner, nested);
            _writer.Line(FormattableString.Invariant($"end{index} = Math.Max(end{index}, size);"));
        }

        _writer.Line(FormattableString.Invariant($"size = end{index};"));
    }

    private void EmitScratchSize()
    {
        string perWidth = string.Concat(_scratch.Select(s => FormattableString.Invariant($"VectorWidth.Bits{s.Key} => {s.Value}, ")));
        _writer.Line($"ScratchStride = vectorWidth switch {{ {perWidth}_ => 0 }};");
        foreach (string bytes in _steps.Select(s => s.ScratchBytes).OfType<string>().Distinct())
            _writer.Line($"ScratchStride = Math.Max(ScratchStride, {bytes});");
        _writer.Line("ScratchStride = (ScratchStride + 127) / 64 * 64;");
    }

    private void EmitMembers()
    {
        for (int i = 0; i < Graph.Inputs.Count; i++)
        {
            _writer.Line($"/// <summary>Values of {Literal.Xml(Graph.Inputs[i].Name)}: {Literal.Xml(Graph.Inputs[i].Shape.ToString())}.</summary>");
            _writer.Line(FormattableString.Invariant($"public int {_names[i].Member}Length => Inputs[{i}].Length;"));
            _writer.Line();
        }

        for (int i = 0; i < Graph.Outputs.Count; i++)
        {
            _writer.Line($"/// <summary>Values of {Literal.Xml(Graph.Outputs[i].Name)}: {Literal.Xml(_outputShapes[i].ToString())}.</summary>");
            _writer.Line(FormattableString.Invariant($"public int {_names[Graph.Inputs.Count + i].Member}Length => Outputs[{i}].Length;"));
            _writer.Line();
        }

        _writer.Line("/// <inheritdoc/>");
        _writer.Line("public override long ArenaBytes => _arena.Bytes;");
        _writer.Line();
        _writer.Line("/// <inheritdoc/>");
        _writer.Line("public override long WeightBytes => _weights.Bytes;");
    }

    private void EmitRun()
    {
        int inputs = Graph.Inputs.Count, outputs = Graph.Outputs.Count;
        string Name(int i) => _names[i].Parameter;
        var parameters = Enumerable.Range(0, inputs).Select(i => $"ReadOnlySpan<float> {Name(i)}").Concat(Enumerable.Range(inputs, outputs).Select(i => $"Span<float> {Name(i)}"));
        _writer.Line("/// <summary>Runs the network once.</summary>");
        for (int i = 0; i < inputs + outputs; i++)
        {
            TensorShape shape = i < inputs ? Graph.Inputs[i].Shape : _outputShapes[i - inputs];
            _writer.Line($"/// <param name=\"{Name(i).TrimStart('@')}\">{Literal.Xml(shape.ToString())}, dense{(i < inputs ? "" : "; must not overlap another tensor")}.</param>");
        }

        _writer.Line("/// <exception cref=\"ArgumentException\">A span has the wrong length.</exception>");
        using (_writer.Block($"public void Run({string.Join(", ", parameters)})"))
        {
            for (int i = 0; i < inputs; i++) _writer.Line(FormattableString.Invariant($"CheckLength(Inputs[{i}], {Name(i)}.Length);"));
            for (int i = 0; i < outputs; i++) _writer.Line(FormattableString.Invariant($"CheckLength(Outputs[{i}], {Name(inputs + i)}.Length);"));
            for (int i = 0; i < inputs + outputs; i++) _writer.Line(FormattableString.Invariant($"fixed (float* pointer{i} = {Name(i)})"));
            using (_writer.Block())
            {
                for (int i = 0; i < inputs; i++) _writer.Line(FormattableString.Invariant($"Input{i} = pointer{i};"));
                for (int i = 0; i < outputs; i++) _writer.Line(FormattableString.Invariant($"Output{i} = pointer{inputs + i};"));
                _writer.Line("RunAllParts();");
            }
        }

        _writer.Line();
        _writer.Line("/// <inheritdoc/>");
        _writer.Line("protected override void RunArrays(IReadOnlyList<float[]> inputs, IReadOnlyList<float[]> outputs) =>".Replace("IReadOnlyList", "System.Collections.Generic.IReadOnlyList"));
        _writer.Line($"    Run({string.Join(", ", Enumerable.Range(0, inputs).Select(i => FormattableString.Invariant($"inputs[{i}]")).Concat(Enumerable.Range(0, outputs).Select(i => FormattableString.Invariant($"outputs[{i}]"))))});");
        _writer.Line();
        _writer.Line("/// <inheritdoc/>");
        using (_writer.Block("protected override void RunPart(int part)"))
        using (_writer.Block("switch (VectorWidth)"))
            foreach (int width in _options.VectorWidths)
                _writer.Line(FormattableString.Invariant($"case VectorWidth.Bits{width}:\n    Kernels{width}.Run(this, part);\n    break;"));
        _writer.Line();
        _writer.Line("/// <inheritdoc/>");
        using (_writer.Block("protected override void Release()"))
            _writer.Line("_arena.Dispose();\n_weights.Dispose();");
        _writer.Line();
        _writer.Line("private void Synchronize() => Barrier();");
        foreach (GateCode gate in _steps.OfType<GateCode>()) gate.EmitMembers(_writer);
    }

    // Kernels that take whole blocks of pixels, of floats or of bits.
    private bool IsInBlocks(Level level) =>
        _steps.Any(s => s.SharedBlocks == level.Index || s.MaskedLevel == level.Index)
        || _plan.Slots.Any(s => s.Level == level.Index && s.Kind == SlotKind.Sign)
        || _plan.Steps.OfType<FlatStep>().Any(s => s.Epilogue.Shuffle?.Level == level.Index);

    private IEnumerable<Level> MaskedLevels() => _plan.Levels.Where(l => _steps.Any(s => s.MaskedLevel == l.Index));

    private static string TensorInfo(string name, TensorShape shape) =>
        FormattableString.Invariant($"new TensorInfo({Literal.String(name)}, {shape.Channels}, {shape.Height.ToCSharp()}, {shape.Width.ToCSharp()})");

    // Members must not clash with one another, nor with what the session has already.
    private static List<(string Member, string Parameter)> UniqueNames(IEnumerable<string> tensors)
    {
        var taken = new HashSet<string> { "ArenaBytes", "WeightBytes" };
        var names = new List<(string, string)>();
        foreach (string tensor in tensors)
        {
            string member = Literal.Identifier(tensor, upper: true), parameter = Literal.Identifier(tensor, upper: false), suffix = "";
            for (int number = 2; !taken.Add((member + suffix).ToUpperInvariant()); number++) suffix = Literal.Integer(number);
            names.Add((member + suffix, parameter + suffix));
        }

        return names;
    }
}
