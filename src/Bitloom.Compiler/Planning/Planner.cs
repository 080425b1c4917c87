using Bitloom.Compiler.Diagnostics;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;

namespace Bitloom.Compiler.Planning;

/// <summary>
/// Turns a lowered graph into steps. Each node that needs a kernel of its own starts a step; the elementwise nodes after it join its
/// epilogue as long as nothing else reads the value in between. Then slots are given out by lifetime.
/// </summary>
internal sealed class Planner
{
    private readonly NetworkGraph _source;
    private readonly GraphEditor _graph;
    private readonly LevelTable _levels;
    private readonly TensorViews _views;
    private readonly BranchMap _branches;
    private readonly List<StepDraft> _drafts = [];
    private readonly HashSet<string> _planned = [];

    private Planner(NetworkGraph source, GraphEditor graph)
    {
        _source = source;
        _graph = graph;
        _levels = LevelTable.Of(graph);
        _views = TensorViews.Of(graph);
        _branches = BranchMap.Of(graph.Graph);
    }

    /// <summary>The plan of a lowered graph, or what cannot be compiled.</summary>
    internal static Outcome<Plan> Plan(NetworkGraph source, NetworkGraph lowered, CancellationToken cancellation)
    {
        var editor = new GraphEditor(lowered);
        BloomDiagnostic[] refused = [.. lowered.Nodes.Select(n => SupportedForms.Refuse(editor, n)).OfType<BloomDiagnostic>(), .. SupportedForms.RefuseInputs(source), .. SupportedForms.RefuseOutputs(editor)];
        if (refused.Length > 0) return Outcome.Failure<Plan>(refused);
        return Outcome.Success(new Planner(source, editor).Run(cancellation));
    }

    private Plan Run(CancellationToken cancellation)
    {
        foreach (GraphInput input in _graph.Graph.Inputs)
        {
            _drafts.Add(new StepDraft(input.Name, StepKind.LoadInput));
            _planned.Add(input.Name);
        }

        foreach (Node node in _graph.Graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_planned.Contains(node.Name) || IsVirtual(node) || IsCroppedOutput(node)) continue;
            DraftGatesAround(_branches[node.Name]);
            if (node.Operator is Gate) _planned.Add(node.Name);
            else if (node.Operator is Concat) DraftConcat(node);
            else DraftStep(node);
        }

        foreach (GraphOutput output in _graph.Graph.Outputs)
            _drafts.Add(new StepDraft(output.Tensor, StepKind.StoreOutput) { OutputName = output.Name, SourceTensor = _graph.MakerOf(output.Tensor) is { } node && IsCroppedOutput(node) ? node.Inputs[0] : output.Tensor });
        PackInputs();
        return new PlanAssembler(_source, _graph, _levels, _views, _drafts).Assemble();
    }

    // Convolutions over panels that read nothing but inputs take them as the caller has them; what would load and join them is no step.
    private void PackInputs()
    {
        foreach (StepDraft draft in _drafts.FindAll(d => d.ConvKernel == ConvKernel.Panels && d.Branch is null))
        {
            if (PackedInputs.Find(_graph, _levels, draft.Start!) is not { } found) continue;
            (draft.PackedInputs, draft.SourceTensor) = (found.Packed, "");
            draft.Covers.InsertRange(0, found.Tensors.Where(t => _graph.MakerOf(t) is not null).Reverse());
            _ = _drafts.RemoveAll(d => found.Tensors.Contains(d.Result));
        }
    }

    // Neighbouring channels of a tensor are read where they lie. Any choice of channels that only elementwise sums read, shifted or not, is
    // no step either: the sums read the chosen channels.
    private bool IsVirtual(Node node) =>
        TensorViews.IsSlice(node)
        || GhostReads.AreInPlace(_graph, node)
        || (node.Operator is SelectChannels && !_graph.IsOutput(node.Name) && _graph.ReadersOf(node.Name).All(r => EpilogueBuilder.CombinesTensors(r.Operator)));

    // What only the caller receives is cropped while it is stored, where rows and columns are dropped at the end.
    private bool IsCroppedOutput(Node node) =>
        node.Operator is CropLike or Crop { Top: 0, Left: 0 } && _branches[node.Name] is null && _graph.IsOutput(node.Name) && _graph.ReadersOf(node.Name).Count == 0;

    // A gate chooses before its branches, whose steps follow it.
    private void DraftGatesAround(Branch? branch)
    {
        if (branch is null || _drafts.Exists(d => d.Kind == StepKind.Gate && d.Result == branch.Gate)) return;
        DraftGatesAround(branch.Parent);
        Node gate = _graph.MakerOf(branch.Gate)!;
        var draft = new StepDraft(gate.Name, StepKind.Gate) { Start = gate, SourceTensor = gate.Inputs[0], Branch = branch.Parent };
        draft.Covers.Add(gate.Name);
        _drafts.Add(draft);
    }

    private void DraftConcat(Node node)
    {
        int offset = 0;
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            (string tensor, EquatableArray<int> channels, _) = Resolve(node.Inputs[i]);
            if (!_views.LiesIn(node.Inputs[i], node.Name))
                _drafts.Add(new StepDraft(node.Name, StepKind.Flat) { Start = node, Branch = _branches[node.Name], SourceTensor = tensor, SourceChannels = channels, ChannelOffset = offset });
            offset += channels.Count;
        }

        _planned.Add(node.Name);
    }

    private void DraftStep(Node start)
    {
        var draft = new StepDraft(start.Name, KindOf(start.Operator)) { Start = start, Branch = _branches[start.Name] };
        string tensor;
        if (IsKernel(start.Operator) || draft.Kind != StepKind.Flat) tensor = start.Inputs[0];
        else if (IsSignAffine(start)) return;
        else if (start.Operator is Sign) tensor = SignedTensor(start);
        else tensor = StartElementwise(start, draft);

        (draft.SourceTensor, draft.SourceChannels, draft.SourceOffsets) = draft.Kind == StepKind.Flat && !IsKernel(start.Operator) ? Resolve(tensor) : (tensor, Identity(tensor), []);
        draft.Covers.Add(start.Name);
        _planned.Add(start.Name);
        if (start.Operator is Sign)
        {
            // The signs of a tensor that no kernel could sign while making it.
            draft.Result = tensor;
            draft.StoresFloats = false;
            CoverSigns(draft, tensor);
        }
        else if (draft.Kind == StepKind.Flat)
        {
            Conv2d? conv = start.Operator as Conv2d;
            bool canBeDirect = conv is null || ConvKernels.KeepsSize(conv.Weight.Shape, conv.Window);
            Extend(draft, start, storesMore: canBeDirect);

            // Other kernels store rows of floats only: what ends in signs or a shuffle is direct where that is possible.
            if (conv is not null && draft.Shuffle is null && draft.Signs.Count == 0) draft.ConvKernel = ConvKernels.Choose(conv, _graph.Shapes[start.Name]);
        }
        else if (RowCalls.Of(start.Operator, 0)!.IsByChannel) CoverSigns(draft, start.Name);

        _drafts.Add(draft);
    }

    private static StepKind KindOf(Operator @operator) => RowCalls.Of(@operator, 0) is not null ? StepKind.Row : StepKind.Flat;

    // Flat kernels that read a tensor as a whole, not channel by channel.
    private static bool IsKernel(Operator @operator) => @operator is Conv2d or BinaryConv2d or WinogradConv2d or LayerNorm;

    // The first tensor of an elementwise step is its source; the operation itself is the first of the epilogue.
    private string StartElementwise(Node start, StepDraft draft)
    {
        if (start.Operator is SelectChannels) return start.Name;
        draft.Operations.Add((start, 0));
        return start.Inputs[0];
    }

    // Follows the value from reader to reader for as long as exactly one elementwise node uses it; its signs are taken at the end.
    private void Extend(StepDraft draft, Node start, bool storesMore)
    {
        Node current = start;
        while (true)
        {
            if (_graph.IsOutput(current.Name) || SignReaders(current.Name).Count > 0) break;
            if (_graph.ReadersOf(current.Name) is not [Node reader] || reader.Inputs.Count(i => i == current.Name) != 1) break;
            int position = reader.Inputs[0] == current.Name ? 0 : 1;
            bool joins = reader.Operator switch
            {
                Affine => !IsSignAffine(reader),
                _ when EpilogueBuilder.CombinesTensors(reader.Operator) => _planned.Contains(Resolve(reader.Inputs[1 - position]).Tensor),
                _ => EpilogueBuilder.IsActivation(reader.Operator),
            };
            if (!joins) break;
            draft.Operations.Add((reader, position));
            draft.Covers.Add(reader.Name);
            _planned.Add(reader.Name);
            current = reader;
        }

        draft.Result = current.Name;
        if (!storesMore) return;
        if (!_graph.IsOutput(current.Name) && _graph.ReadersOf(current.Name) is [{ Operator: PixelShuffle } shuffle])
        {
            draft.Shuffle = current = shuffle;
            draft.Covers.Add(shuffle.Name);
            _planned.Add(shuffle.Name);
        }

        draft.Result = current.Name;

        // Winograd's kernel makes rows of the image, not whole words of signs: those are a step of their own.
        if (start.Operator is not WinogradConv2d) CoverSigns(draft, current.Name);
        draft.StoresFloats = draft.Shuffle is not null || _graph.IsOutput(current.Name) || OtherReaders(current.Name).Any(r => !IsSignAffine(r)) || draft.Signs.Count == 0;
    }

    private void CoverSigns(StepDraft draft, string tensor)
    {
        // A store through a shuffle takes one kind of signs; others get a step of their own, as do those that other branches need.
        foreach (Node sign in AllSigns(tensor).Where(s => draft.Branch is null || _branches[s.Name]?.Path.Contains(draft.Branch) == true).Take(draft.Shuffle is null ? int.MaxValue : 1))
        {
            Affine? before = sign.Inputs[0] == tensor ? null : (Affine)_graph.MakerOf(sign.Inputs[0])!.Operator;
            draft.Signs.Add((sign, before));
            _planned.Add(sign.Name);
            if (before is not null)
            {
                _planned.Add(sign.Inputs[0]);
                draft.Covers.Add(sign.Inputs[0]);
            }

            if (!draft.Covers.Contains(sign.Name)) draft.Covers.Add(sign.Name);
        }
    }

    // Signs of the tensor itself and of an affine of it that nothing else reads.
    private List<Node> AllSigns(string tensor) =>
        [.. _graph.ReadersOf(tensor).SelectMany(r => r.Operator is Sign ? [r] : IsSignAffine(r) ? SignReaders(r.Name) : [])];

    // The tensor whose signs a node takes, before the affine that a sign store computes by itself.
    private string SignedTensor(Node sign) =>
        _graph.MakerOf(sign.Inputs[0]) is { } maker && IsSignAffine(maker) ? maker.Inputs[0] : sign.Inputs[0];

    private List<Node> SignReaders(string tensor) => [.. _graph.ReadersOf(tensor).Where(r => r.Operator is Sign)];

    private List<Node> OtherReaders(string tensor) => [.. _graph.ReadersOf(tensor).Where(r => r.Operator is not Sign)];

    private bool IsSignAffine(Node node) =>
        node.Operator is Affine && !_graph.IsOutput(node.Name) && SignReaders(node.Name).Count > 0 && OtherReaders(node.Name).Count == 0;

    /// <summary>A tensor as planned tensor, channels and offsets, looking through choices of channels that are no steps.</summary>
    private (string Tensor, EquatableArray<int> Channels, EquatableArray<PixelOffset> Offsets) Resolve(string tensor) =>
        ChannelChoice.Resolve(_graph, tensor, _planned.Contains);

    private EquatableArray<int> Identity(string tensor) => Enumerable.Range(0, _graph.Shapes[tensor].Channels).ToEquatableArray();
}
