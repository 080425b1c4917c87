using Bitloom.Compiler.Graph;
using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime.Images;
using Bitloom.Training.Data;

namespace Bitloom.Tool;

/// <summary>
/// The share of pictures whose highest score is that of their class. Pictures are resized so that the network sees the middle seven
/// eighths of the shorter side, unless they have the network's size already. Of a network with a gate also which branches were chosen.
/// </summary>
internal sealed class ClassificationEvaluation : NetworkEvaluation
{
    private readonly EvaluatedNetwork _subject;
    private readonly ClassificationFolder _set;
    private readonly ChoiceTally? _choices;
    private readonly int _classes, _commonest;
    private double? _operations;

    internal ClassificationEvaluation(EvaluatedNetwork subject, string folder)
    {
        (_subject, _choices) = (subject, ChoiceTally.Of(subject.Graph));
        GraphInput[] inputs = [.. subject.Graph.Inputs];
        if (inputs.Length != 1 || inputs[0].Shape.Channels != 3) throw new BadInputException(subject.Model.Path, "the network does not take one RGB picture", "give a network for classification");
        _set = ClassificationFolder.Load(folder, 0, isTraining: false, default);
        _classes = new NetworkShapes(subject.Graph)[subject.Graph.Outputs[0].Tensor].Channels;
        if (_classes < _set.Classes.Count) throw new BadInputException(folder, $"holds {_set.Classes.Count} classes, but the network has scores for {_classes}", "give the set that it was trained for");
        _commonest = _set.Images.GroupBy(i => i.Class).MaxBy(g => g.Count())!.Key;
    }

    /// <inheritdoc/>
    internal override Metrics Metrics { get; } = new("top-1", "%", "commonest-class", null);

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Remarks => _choices?.Summarize() ?? [];

    /// <inheritdoc/>
    internal override double? MeanOperations => _choices?.MeanOperations ?? _operations;

    /// <inheritdoc/>
    internal override int Count => _set.Images.Count;

    /// <inheritdoc/>
    internal override string NameOf(int index) => _set.Images[index].Name;

    /// <inheritdoc/>
    internal override Measurement Measure(int index)
    {
        LabelledImage labelled = _set.Images[index];
        TensorShape shape = _subject.Graph.Inputs[0].Shape;
        int shorter = Math.Min(labelled.Image.Height, labelled.Image.Width);
        IReadOnlyDictionary<string, int> symbols = NetworkShapes.Symbols(new ImageSize(shorter, shorter));
        int side = shape.Height.Evaluate(symbols);
        if (side != shape.Width.Evaluate(symbols)) throw new BadInputException(_subject.Model.Path, $"the network takes {shape}, which is no square", "use run --tensors");
        Image image = ClassificationFolder.WithShortSide(labelled.Image, shorter == side ? 0 : side * 8 / 7);
        var input = new Tensor(3, side, side, new float[3 * side * side]);
        ClassificationSampler.CropMiddle(image, side, input.Values);
        for (int i = 0; i < input.Values.Length; i++) input.Values[i] *= _subject.White;
        using NetworkRun run = NetworkRun.Create(_subject.Host, labelled.Name, new ImageSize(side, side), _subject.Threads);
        Dictionary<string, Tensor> outputs = run.Run(new Dictionary<string, Tensor> { [_subject.Graph.Inputs[0].Name] = input });
        Tensor scores = outputs[_subject.Graph.Outputs[0].Name];
        if (scores.Values.Length != _classes) throw new BadInputException(_subject.Model.Path, $"the network makes {scores}, not one score a class", "give a network for classification");
        _choices?.Add(outputs);
        _operations ??= OperationsAt(side);
        int found = Array.IndexOf(scores.Values, scores.Values.Max());
        return new Measurement(labelled.Name, found == labelled.Class ? 100 : 0, labelled.Class == _commonest ? 100 : 0);
    }

    private double OperationsAt(int side)
    {
        (long binary, long single) = Compiler.Planning.PlanTotals.Macs(_subject.Graph, side, side);
        return binary + single;
    }
}
