using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>Gives tensors their slots by lifetime and turns drafts into steps.</summary>
internal sealed class PlanAssembler
{
    private readonly NetworkGraph _source;
    private readonly GraphEditor _graph;
    private readonly LevelTable _levels;
    private readonly List<StepDraft> _drafts;
    private readonly SlotAllocator _slots;
    private readonly HashSet<string> _clean;

    internal PlanAssembler(NetworkGraph source, GraphEditor graph, LevelTable levels, List<StepDraft> drafts)
    {
        (_source, _graph, _levels, _drafts) = (source, graph, levels, drafts);
        _slots = new SlotAllocator(LastUses(drafts));
        _clean = [.. drafts.Where(d => d.Start?.Operator is Conv2d or WinogradConv2d).Select(d => d.SourceTensor)];
    }

    internal Plan Assemble()
    {
        var steps = new List<Step>();
        for (int i = 0; i < _drafts.Count; i++)
        {
            steps.Add(Assemble(_drafts[i], i));
            _slots.EndStep(i);
        }

        Step[] clean = [.. CleanSharedSlots(steps)];
        return new Plan(_source, _graph.Graph, _levels.Levels, _slots.Slots, clean.ToEquatableArray(), WavefrontFinder.Find(clean));
    }

    private Step Assemble(StepDraft draft, int index)
    {
        TensorShape shape = _graph.Shapes[draft.Result];
        int level = _levels.IndexOf(shape);
        switch (draft.Kind)
        {
            case StepKind.LoadInput:
                int input = Enumerable.Range(0, _graph.Graph.Inputs.Count).First(i => _graph.Graph.Inputs[i].Name == draft.Result);
                return new LoadInputStep(draft.Result, input, shape.Channels, level, _slots.Place(draft.Result, SlotKind.Float, level, shape.Channels));
            case StepKind.StoreOutput:
                int output = Enumerable.Range(0, _graph.Graph.Outputs.Count).First(i => _graph.Graph.Outputs[i].Name == draft.OutputName);
                return new StoreOutputStep(draft.OutputName, output, shape.Channels, level, _slots.Of(draft.Result));
            case StepKind.Row:
                return AssembleRow(draft, shape, level);
            case StepKind.Winograd:
                int source = _slots.Of(draft.SourceTensor);
                return new WinogradStep(draft.Result, (WinogradConv2d)draft.Start!.Operator, source, _slots.Place(draft.Result, SlotKind.Float, level, shape.Channels), level);
            default:
                return AssembleFlat(draft, index);
        }
    }

    private RowStep AssembleRow(StepDraft draft, TensorShape shape, int level)
    {
        (RowKernel kernel, EquatableArray<int> parameters, string reason) = draft.Start!.Operator switch
        {
            ResizeNearest resize => (RowKernel.ResizeNearest, (EquatableArray<int>)[resize.Factor], "no pixel shuffle before the sum that reads it could take its place"),
            ResizeBilinear resize => (RowKernel.ResizeBilinear, [resize.Factor], "each source row is stretched once, rows are mixed as vectors"),
            PixelShuffle shuffle => (RowKernel.PixelShuffle, [shuffle.Factor], "its pixels lie in another geometry than the kernel that makes them"),
            Subsample sample => (RowKernel.Subsample, [sample.OffsetY, sample.OffsetX, sample.StrideY, sample.StrideX], "the convolution before it computes every pixel"),
            Operator other => throw new InvalidOperationException($"{other.Kind} is no row kernel."),
        };
        int source = _slots.Of(draft.SourceTensor), from = _levels.IndexOf(_graph.Shapes[draft.SourceTensor]);
        return new RowStep(draft.Result, kernel, parameters, shape.Channels, source, from, _slots.Place(draft.Result, SlotKind.Float, level, shape.Channels), level, reason);
    }

    private FlatStep AssembleFlat(StepDraft draft, int index)
    {
        TensorShape shape = _graph.Shapes[draft.Computed];
        int level = _levels.IndexOf(shape);
        var epilogue = new EpilogueBuilder();
        if (draft.Start!.Operator is Conv2d { Bias: { } sumBias }) epilogue.AddBias(sumBias);
        foreach ((Node node, int position) in draft.Operations) epilogue.Add(node, position, tensor => OperandOf(draft, tensor));
        FlatSource source = draft.Start.Operator switch
        {
            Conv2d conv => new ConvSource(conv, _slots.Of(draft.SourceTensor)),
            BinaryConv2d conv => new BinaryConvSource(conv, _slots.Of(draft.SourceTensor)),
            _ => new PlaneSource(new Operand(_slots.Of(draft.SourceTensor), draft.SourceChannels)),
        };
        int channels = draft.Start.Operator is Concat ? draft.SourceChannels.Count : shape.Channels;
        FloatStore? store = draft.StoresFloats ? PlaceResult(draft, index, source, epilogue, level, shape) : null;
        TensorShape stored = _graph.Shapes[draft.Result];
        int storedLevel = _levels.IndexOf(stored), copies = shape.Channels / stored.Channels;
        List<SignStore> signs = [.. draft.Signs.Select(s => new SignStore(
            _slots.Place(s.Sign.Name, SlotKind.Sign, storedLevel, stored.Channels), epilogue.Constant(s.Before?.Scale, copies), epilogue.Constant(s.Before?.Bias, copies)))];
        Epilogue built = draft.Shuffle is { Operator: PixelShuffle shuffle }
            ? epilogue.Build(store, [], new ShuffleStore(shuffle.Factor, storedLevel, signs.FirstOrDefault()))
            : epilogue.Build(store, signs);
        return new FlatStep(draft.Result, draft.Covers.ToEquatableArray(), level, channels, source, built, StepReasons.Of(source, built));
    }

    // In place of an operand that nobody needs afterwards, where every value is read before it is overwritten: the operand lies at the
    // same pixels and channels and is not what a window reads.
    private FloatStore PlaceResult(StepDraft draft, int index, FlatSource source, EpilogueBuilder epilogue, int level, TensorShape shape)
    {
        if (draft.Shuffle is not null)
        {
            TensorShape stored = _graph.Shapes[draft.Result];
            return new FloatStore(_slots.Place(draft.Result, SlotKind.Float, _levels.IndexOf(stored), stored.Channels), 0, Clean: false, InPlace: false);
        }

        bool clean = _clean.Contains(draft.Result);
        if (draft.ChannelOffset == 0 && draft.Start!.Operator is not Concat)
        {
            IEnumerable<(string Tensor, EquatableArray<int> Channels)> candidates = epilogue.OperandTensors;
            if (source is PlaneSource) candidates = candidates.Prepend((draft.SourceTensor, draft.SourceChannels));
            foreach ((string tensor, EquatableArray<int> channels) in candidates)
            {
                if (source is ConvSource && tensor == draft.SourceTensor) continue;
                if (!_slots.EndsAt(tensor, index) || channels.Count != shape.Channels || !channels.SequenceEqual(Enumerable.Range(0, shape.Channels))) continue;
                if (_graph.Shapes[tensor].Channels != shape.Channels) continue;
                if (candidates.Count(c => c.Tensor == tensor) > 1) continue;
                return new FloatStore(_slots.TakeOver(tensor, draft.Result), 0, clean, InPlace: true);
            }
        }

        int slot = draft.ChannelOffset > 0 ? _slots.Of(draft.Result) : _slots.Place(draft.Result, SlotKind.Float, level, shape.Channels);
        return new FloatStore(slot, draft.ChannelOffset, clean, InPlace: false);
    }

    private (string Tensor, Operand Operand) OperandOf(StepDraft draft, string tensor)
    {
        EquatableArray<int> channels = Enumerable.Range(0, _graph.Shapes[tensor].Channels).ToEquatableArray();
        while (!_slots.Has(tensor) && _graph.MakerOf(tensor) is { Operator: SelectChannels select } node)
        {
            channels = channels.Select(c => select.Channels[c]).ToEquatableArray();
            tensor = node.Inputs[0];
        }

        return _slots.Has(tensor) ? (tensor, new Operand(_slots.Of(tensor), channels))
            : throw new InvalidOperationException($"'{draft.Result}' reads '{tensor}' before it is made.");
    }

    // Kernels that work by rows, and stores through a shuffle, write image pixels only. Where such a result must have clean margins,
    // every flat step that writes the same slot at other times must leave them clean too.
    private IEnumerable<Step> CleanSharedSlots(List<Step> steps)
    {
        var slots = new HashSet<int>(steps.OfType<RowStep>().Where(s => _clean.Contains(s.Name)).Select(s => s.Target)
            .Concat(steps.OfType<WinogradStep>().Where(s => _clean.Contains(s.Name)).Select(s => s.Target))
            .Concat(steps.OfType<LoadInputStep>().Where(s => _clean.Contains(s.Name)).Select(s => s.Target))
            .Concat(steps.OfType<FlatStep>().Where(s => s.Epilogue.Shuffle is not null && _clean.Contains(s.Name)).Select(s => s.Epilogue.FloatStore!.Slot)));
        return steps.Select(s => s is FlatStep { Epilogue: { FloatStore: { } store, Shuffle: null } } flat && slots.Contains(store.Slot)
            ? flat with { Epilogue = flat.Epilogue with { FloatStore = store with { Clean = true } } } : s);
    }

    // Index of the last draft that reads each tensor.
    private Dictionary<string, int> LastUses(List<StepDraft> drafts)
    {
        var last = new Dictionary<string, int>();
        for (int i = 0; i < drafts.Count; i++)
        {
            StepDraft draft = drafts[i];
            last[draft.Result] = i;
            foreach ((Node sign, _) in draft.Signs) last[sign.Name] = i;
            if (draft.SourceTensor.Length > 0) last[draft.SourceTensor] = i;
            foreach ((Node node, int position) in draft.Operations)
                if (node.Operator is Add or Subtract)
                    foreach (string tensor in SelectChain(node.Inputs[1 - position])) last[tensor] = i;
        }

        return last;
    }

    private IEnumerable<string> SelectChain(string tensor)
    {
        yield return tensor;
        while (_graph.MakerOf(tensor) is { Operator: SelectChannels } node)
        {
            tensor = node.Inputs[0];
            yield return tensor;
        }
    }
}
