using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Gives tensors their slots by lifetime and turns drafts into steps.</summary>
internal sealed class PlanAssembler
{
    // More steps than a wavefront of one of the known networks has between two windows.
    private const int RestSteps = 12;

    private readonly NetworkGraph _source;
    private readonly GraphEditor _graph;
    private readonly LevelTable _levels;
    private readonly TensorViews _views;
    private readonly List<StepDraft> _drafts;
    private readonly SlotAllocator _slots;
    private readonly Dictionary<int, int> _windowReads = [];

    internal PlanAssembler(NetworkGraph source, GraphEditor graph, LevelTable levels, TensorViews views, List<StepDraft> drafts)
    {
        (_source, _graph, _levels, _views, _drafts) = (source, graph, levels, views, drafts);
        _slots = new SlotAllocator(graph, views, Uses());
    }

    internal Plan Assemble()
    {
        var steps = new List<Step>();
        for (int i = 0; i < _drafts.Count; i++)
        {
            steps.Add(Assemble(_drafts[i], i));
            _slots.EndStep(i);
        }

        Step[] clean = GateAssembler.Complete([.. KeepMarginsClean(steps)], _drafts);
        return new Plan(_source, _graph.Graph, _levels.Levels, _slots.Slots, clean.ToEquatableArray(), WavefrontFinder.Find(clean, [.. _drafts.Select(d => d.Branch)], _slots.Slots, _slots.Lifetimes(Uses())));
    }

    private Step Assemble(StepDraft draft, int index)
    {
        TensorShape shape = _graph.Shapes[draft.Result];
        int level = _levels.IndexOf(shape);
        Place Target() => _slots.Allocate(draft.Result, SlotKind.Float, level);
        switch (draft.Kind)
        {
            case StepKind.LoadInput:
                int input = Enumerable.Range(0, _graph.Graph.Inputs.Count).First(i => _graph.Graph.Inputs[i].Name == draft.Result);
                return new LoadInputStep(draft.Result, input, shape.Channels, level, Target());
            case StepKind.StoreOutput:
                int output = Enumerable.Range(0, _graph.Graph.Outputs.Count).First(i => _graph.Graph.Outputs[i].Name == draft.OutputName);
                return new StoreOutputStep(draft.OutputName, output, shape.Channels, level, _slots.Of(draft.SourceTensor), _levels.IndexOf(_graph.Shapes[draft.SourceTensor]));
            case StepKind.Row:
                return AssembleRow(draft, index);
            case StepKind.Gate:
                return new GateStep(draft.Result, _slots.Of(draft.SourceTensor), _levels.IndexOf(_graph.Shapes[draft.SourceTensor]), []);
            default:
                return AssembleFlat(draft, index);
        }
    }

    private RowStep AssembleRow(StepDraft draft, int index)
    {
        TensorShape shape = _graph.Shapes[draft.Result], read = _graph.Shapes[draft.SourceTensor];
        int level = _levels.IndexOf(shape);
        Place source = _slots.Of(draft.SourceTensor), target = _slots.Allocate(draft.Result, SlotKind.Float, level);
        var constants = new EpilogueBuilder();
        SignStore[] stores = [.. SignStores(draft, constants, level, copies: 1, slot => IsAtRest(slot, index))];
        RowSigns? signs = stores.Length > 0 ? new RowSigns(stores.ToEquatableArray(), constants.Build(null, []).Constants) : null;
        return new RowStep(draft.Result, draft.Covers.ToEquatableArray(), RowCalls.Of(draft.Start!.Operator, read.Channels)!, shape.Channels, source, _levels.IndexOf(read), target, level, signs);
    }

    private FlatStep AssembleFlat(StepDraft draft, int index)
    {
        TensorShape shape = _graph.Shapes[draft.Computed];
        int level = _levels.IndexOf(shape);
        var epilogue = new EpilogueBuilder();
        if (draft.Start!.Operator is Conv2d { Bias: { } sumBias }) epilogue.AddBias(sumBias);
        if (draft.Start.Operator is LayerNorm { Gamma: var gamma, Beta: var beta }) epilogue.AddAffine(gamma, beta);
        foreach ((Node node, int position) in draft.Operations) epilogue.Add(node, position, tensor => OperandOf(draft, tensor));
        FlatSource source = draft.Start.Operator switch
        {
            Conv2d conv => ConvolutionOf(draft, conv),
            BinaryConv2d conv => new BinaryConvSource(conv, _slots.Of(draft.SourceTensor)),
            LayerNorm norm => new LayerNormSource(norm, _slots.Of(draft.SourceTensor)),
            WinogradConv2d conv => WinogradOf(draft, conv, shape),
            _ => new PlaneSource(OperandAt(draft.SourceTensor, draft.SourceChannels, draft.SourceOffsets)),
        };
        int channels = draft.Start.Operator is Concat ? draft.SourceChannels.Count : shape.Channels;
        FloatStore? store = draft.StoresFloats ? PlaceResult(draft, index, source, epilogue, level, shape) : null;
        TensorShape stored = _graph.Shapes[draft.Result];
        int storedLevel = _levels.IndexOf(stored), copies = shape.Channels / stored.Channels;
        if (source is BinaryConvSource { HasWindow: true } window) _windowReads[window.Signs.Slot] = index;
        List<SignStore> signs = [.. SignStores(draft, epilogue, storedLevel, copies, slot => source is BinaryConvSource { HasWindow: true } || IsAtRest(slot, index))];
        Epilogue built = draft.Shuffle is { Operator: PixelShuffle shuffle }
            ? epilogue.Build(store, [], new ShuffleStore(shuffle.Factor, storedLevel, signs.FirstOrDefault()))
            : epilogue.Build(store, signs);
        return new FlatStep(draft.Result, draft.Covers.ToEquatableArray(), level, channels, source, built, StepReasons.Of(source, built));
    }

    private IEnumerable<SignStore> SignStores(StepDraft draft, EpilogueBuilder constants, int level, int copies, Func<int, bool> isFit) => draft.Signs.Select(s =>
    {
        SignThreshold sign = SignThreshold.Of(s.Before);
        Place target = _slots.Allocate(s.Sign.Name, SlotKind.Sign, level, isFit);
        return new SignStore(target, constants.Constant(sign.Threshold, copies), constants.Constant(sign.Direction, copies));
    });

    // A step that overwrites what an earlier one's window reads runs a chunk behind it in a wavefront. Signs are small: where the
    // step itself needs no delay, they take a slot that has not been read so for a while.
    private bool IsAtRest(int slot, int step) => !_windowReads.TryGetValue(slot, out int read) || step - read > RestSteps;

    private FlatSource WinogradOf(StepDraft draft, WinogradConv2d conv, TensorShape shape)
    {
        Place place = _slots.Of(draft.SourceTensor);
        return PatchLayout.For(conv.Weight, shape) is { } layout ? new WinogradPatchSource(conv, place, layout) : new WinogradSource(conv, place);
    }

    private FlatSource ConvolutionOf(StepDraft draft, Conv2d conv)
    {
        // The runtime packs all of an input's channels at once.
        if (draft.PackedInputs is { } packed) return new PackedPanelSource(conv, packed, PanelLayout.For(conv, _graph.Shapes[draft.Start!.Name]) with { MostInputs = conv.Weight.Shape[1] });
        Place place = _slots.Of(draft.SourceTensor);
        int from = _levels.IndexOf(_graph.Shapes[draft.SourceTensor]);
        return draft.ConvKernel switch
        {
            ConvKernel.Panels => new PlanePanelSource(conv, place, from, PanelLayout.For(conv, _graph.Shapes[draft.Start!.Name])),
            ConvKernel.Depthwise => new DepthwiseSource(conv, place, from),
            _ => new ConvSource(conv, place),
        };
    }

    // In place of an operand that nobody needs afterwards, where every value is read before it is overwritten: the operand lies at the
    // same pixels and channels and is not what a window reads.
    private FloatStore PlaceResult(StepDraft draft, int index, FlatSource source, EpilogueBuilder epilogue, int level, TensorShape shape)
    {
        if (draft.Shuffle is not null)
            return new FloatStore(_slots.Allocate(draft.Result, SlotKind.Float, _levels.IndexOf(_graph.Shapes[draft.Result])), Clean: false, InPlace: false);

        if (draft.Start!.Operator is not Concat && !_views.IsPart(draft.Result) && !_slots.Has(draft.Result))
        {
            (string Tensor, EquatableArray<int> Channels)[] read = [.. epilogue.OperandTensors, .. draft.SourceTensor.Length > 0 ? new[] { (draft.SourceTensor, draft.SourceChannels) } : []];
            foreach ((string tensor, EquatableArray<int> channels) in source is PlaneSource ? read.Reverse() : epilogue.OperandTensors.Reverse())
            {
                if (!_slots.EndsAt(tensor, index) || _graph.Shapes[tensor].Channels != shape.Channels || !channels.SequenceEqual(Enumerable.Range(0, shape.Channels))) continue;
                if (read.Count(r => _views.RootOf(r.Tensor).Tensor == tensor) > 1 || IsReadAround(tensor, source, epilogue)) continue;
                return new FloatStore(_slots.TakeOver(tensor, draft.Result), Clean: false, InPlace: true);
            }
        }

        Place place = _slots.Allocate(draft.Result, SlotKind.Float, level);
        return new FloatStore(place with { Channel = place.Channel + draft.ChannelOffset }, Clean: false, InPlace: false);
    }

    private (string Tensor, Operand Operand) OperandOf(StepDraft draft, string tensor)
    {
        (tensor, EquatableArray<int> channels, EquatableArray<PixelOffset> offsets) = ChannelChoice.Resolve(_graph, tensor, _slots.Has);
        return _slots.Has(tensor) ? (tensor, OperandAt(tensor, channels, offsets))
            : throw new InvalidOperationException($"'{draft.Result}' reads '{tensor}' before it is made.");
    }

    // Pixels around the one that is made may belong to a block that another thread makes.
    private bool IsReadAround(string tensor, FlatSource source, EpilogueBuilder epilogue)
    {
        int slot = _slots.Of(tensor).Slot;
        return epilogue.IsShifted(slot) || (source is PlaneSource { Operand: { IsShifted: true } operand } && operand.Slot == slot);
    }

    private Operand OperandAt(string tensor, EquatableArray<int> channels, EquatableArray<PixelOffset> offsets)
    {
        Place place = _slots.Of(tensor);
        return new Operand(place.Slot, place.Channel == 0 ? channels : channels.Select(c => c + place.Channel).ToEquatableArray(), offsets);
    }

    // A slot of which windows are read must keep zeros around the image, whoever writes it: by rows only the image is written, but
    // runs of pixels cross the gaps.
    private static IEnumerable<Step> KeepMarginsClean(List<Step> steps)
    {
        var slots = new HashSet<int>(steps.SelectMany(s => s.ReadsAround));
        return steps.Select(s => s is FlatStep { Source: not (WinogradSource or WinogradPatchSource), Epilogue: { FloatStore: { } store, Shuffle: null } } flat && slots.Contains(store.Target.Slot)
            ? flat with { Epilogue = flat.Epilogue with { FloatStore = store with { Clean = true } } } : s)
            .Select(s => s is FlatStep flat ? flat with { Reason = StepReasons.Of(flat.Source, flat.Epilogue) } : s);
    }

    // Every tensor that a draft makes or reads, with the draft's index.
    private IEnumerable<(string Tensor, int Step)> Uses()
    {
        for (int i = 0; i < _drafts.Count; i++)
        {
            StepDraft draft = _drafts[i];
            yield return (draft.Result, i);
            foreach ((Node sign, _) in draft.Signs) yield return (sign.Name, i);
            if (draft.SourceTensor.Length > 0) yield return (draft.SourceTensor, i);

            // Scores must last until the slowest thread has chosen: no branch may take their place.
            if (draft.Kind == StepKind.Gate) yield return (draft.SourceTensor, _drafts.FindLastIndex(d => d.Branch?.Path.Any(b => b.Gate == draft.Result) == true));
            foreach ((Node node, int position) in draft.Operations)
                if (EpilogueBuilder.CombinesTensors(node.Operator))
                    foreach (string tensor in SelectChain(node.Inputs[1 - position])) yield return (tensor, i);
        }
    }

    private IEnumerable<string> SelectChain(string tensor)
    {
        yield return tensor;
        while (_graph.MakerOf(tensor) is { Operator: SelectChannels or ShiftedChannels } node)
        {
            tensor = node.Inputs[0];
            yield return tensor;
        }
    }
}
