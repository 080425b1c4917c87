using System.Diagnostics;
using Bitloom.Compiler.Descriptors;
using Bitloom.Compiler.Graph;
using Bitloom.Import;
using Bitloom.Runtime.Images;
using Bitloom.Training.Data;
using Bitloom.Training.Optimisers;
using Bitloom.Training.Parameters;
using Bitloom.Training.Recipes;
using Bitloom.Training.State;

namespace Bitloom.Training.Runs;

/// <summary>Where a run reads and writes, and on how many threads.</summary>
/// <param name="RecipeFolder">Folder of the recipe, for a network to start from.</param>
/// <param name="DataRoot">Folder that the recipe's data are relative to.</param>
/// <param name="Output">Existing folder for the run's files.</param>
/// <param name="Threads">Threads of a step. Results are the same for the same number.</param>
/// <param name="Resumes">True to go on from the state in <paramref name="Output"/>.</param>
/// <param name="Until">Stop after this step, with a state, as if interrupted; null to go to the end.</param>
public sealed record RunOptions(string RecipeFolder, string DataRoot, string Output, int Threads = 1, bool Resumes = false, long? Until = null);

/// <summary>How far a run is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">Mean loss since the last report.</param>
/// <param name="Rate">Learning rate.</param>
/// <param name="ImagesPerSecond">Samples a second since the last report.</param>
/// <param name="Left">Time to the end at this speed.</param>
public sealed record RunProgress(long Step, long Steps, double Loss, double Rate, double ImagesPerSecond, TimeSpan Left);

/// <summary>Who is told about a run.</summary>
/// <param name="Started">The line about data, network and memory.</param>
/// <param name="Progress">Every so many steps.</param>
/// <param name="Validated">After a validation.</param>
public sealed record RunObserver(Action<string> Started, Action<RunProgress> Progress, Action<CurvePoint> Validated);

/// <summary>How a run ended.</summary>
/// <param name="IsComplete">True where the network was written; else the state, to go on from.</param>
/// <param name="Steps">Steps done in all.</param>
/// <param name="Time">Time of all parts of the run.</param>
/// <param name="Data">One line about the data.</param>
/// <param name="Graph">The trained network; null where it was not finished.</param>
public sealed record RunResult(bool IsComplete, long Steps, TimeSpan Time, string Data, NetworkGraph? Graph);

/// <summary>
/// A run of training: batches, steps, validations, states. A state is saved at each validation and when the run is interrupted, always
/// between two steps; a run that goes on from it computes what it would have computed.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    private const string LossSum = "lossSum", Seconds = "seconds";

    private readonly Recipe _recipe;
    private readonly RunOptions _options;
    private readonly RunFolder _folder;
    private readonly NetworkGraph _graph;
    private readonly Learner _learner;
    private readonly Optimiser _optimiser;
    private readonly WeightAverage? _average;
    private readonly TrainingState _state;
    private readonly Curve _curve;
    private readonly RunData _data;

    /// <summary>Loads data, builds the network, and takes over the state where the run resumes.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="options">Folders and threads.</param>
    /// <param name="cancellation">Looked at while data are loaded.</param>
    /// <exception cref="TrainingException">Data or state do not fit; the message says what to do.</exception>
    public TrainingRun(Recipe recipe, RunOptions options, CancellationToken cancellation = default)
    {
        (_recipe, _options, _folder) = (recipe, options, new RunFolder(options.Output, recipe.Name));
        if (options.Resumes != File.Exists(_folder.State))
        {
            throw new TrainingException(options.Resumes
                ? $"{_folder.State}: there is no state to resume from; begin the run without --resume"
                : $"{_folder.State}: a run has left its state there; go on with --resume, or choose another folder");
        }

        var random = new CounterRandom((ulong)recipe.Training.Seed);
        var weights = new InitialWeights(random) { BinaryGain = recipe.Network.BinaryGain, Identities = recipe.Network.Identities };
        _graph = recipe.Network.Build(recipe, options.RecipeFolder, weights);
        _data = RunData.Load(recipe, options.DataRoot, _graph, cancellation);
        _learner = Learner.Create(recipe, _graph, weights, random, options.Threads);
        CheckSizes();
        _optimiser = recipe.Optimiser.Create(_learner.Parameters);
        _average = recipe.Training.Average > 0 ? new WeightAverage(_learner.Parameters, recipe.Training.Average) : null;
        _state = new TrainingState(_learner.Parameters, _optimiser, random, _average) { RecipeHash = recipe.Hash, Numbers = { [LossSum] = 0, [Seconds] = 0 } };
        _curve = new Curve(_folder, ValidationSet.MetricOf(recipe.Task));
        if (!options.Resumes) return;
        Load();
        _curve.Load(_optimiser.Steps);
    }

    /// <summary>Trains to the end, or until it is cancelled, and writes what there is.</summary>
    /// <param name="observer">Who is told.</param>
    /// <param name="cancellation">Ends the run after the present step, with a state.</param>
    /// <exception cref="TrainingException">A value is not finite any more: the message names the step and the layer; the last state is kept.</exception>
    public RunResult Run(RunObserver observer, CancellationToken cancellation = default)
    {
        long steps = _recipe.Training.Steps, last = Math.Min(steps, _options.Until ?? steps);
        observer.Started(Invariant($"{_data.Summary}; {_learner.Parameters.All.Sum(p => p.Count)} parameters; {_learner.MemoryBytes >> 20} MiB; {(_options.Resumes ? $"from step {_optimiser.Steps}" : "from the start")}"));
        var clock = Stopwatch.StartNew();
        double before = Number(Seconds);
        if (_optimiser.Steps < last) Train(last, observer, cancellation);
        var time = TimeSpan.FromSeconds(before + clock.Elapsed.TotalSeconds);
        _state.Numbers[Seconds] = BitConverter.DoubleToUInt64Bits(time.TotalSeconds);
        Save();
        if (_optimiser.Steps < steps) return new RunResult(false, _optimiser.Steps, time, _data.Summary, null);
        NetworkGraph trained = WithAverages(_learner.ToNetworkGraph);
        Write(_folder.Model, DescriptorWriter.Write(trained));
        if (_data.Classes.Count > 0) Write(_folder.Labels, string.Concat(_data.Classes.Select(c => c + "\n")));
        return new RunResult(true, steps, time, _data.Summary, trained);
    }

    /// <summary>The files of the run.</summary>
    public RunFolder Folder => _folder;

    /// <inheritdoc/>
    public void Dispose()
    {
        _average?.Dispose();
        _optimiser.Dispose();
        _learner.Dispose();
    }

    private void Train(long last, RunObserver observer, CancellationToken cancellation)
    {
        Schedule schedule = _recipe.Optimiser.CreateSchedule(_recipe.Training.Steps);
        var meter = new SpeedMeter(_recipe.Training.Batch, _recipe.Training.Steps);
        using var batches = new BatchPrefetch(_data.Train, _recipe.Training.Batch, (ulong)_recipe.Training.Seed, _optimiser.Steps);
        while (_optimiser.Steps < last && !cancellation.IsCancellationRequested)
        {
            double value = Step(batches, schedule);
            meter.Add(value);
            _state.Numbers[LossSum] = BitConverter.DoubleToUInt64Bits(Number(LossSum) + value);
            long step = _optimiser.Steps;
            double rate = schedule.RateAt(step - 1);
            if (step % _recipe.Validation.Report == 0) observer.Progress(meter.Report(step, rate));
            if (step % _recipe.Validation.Every == 0 || step == _recipe.Training.Steps) meter.Pause(() => Validate(step, rate, observer));
        }
    }

    private double Step(BatchPrefetch batches, Schedule schedule)
    {
        SampleBatch batch = batches.Take();
        double value;
        try
        {
            value = _learner.Step(batch, (double)_optimiser.Steps / _recipe.Training.Steps);
        }
        catch (TrainingException failure)
        {
            string state = File.Exists(_folder.State) ? $"the last state is {_folder.State}" : "no state was saved yet";
            throw new TrainingException(Invariant($"step {_optimiser.Steps + 1}: {failure.Message} ({state})"));
        }

        batches.Return(batch);
        if (_recipe.Training.ClipNorm > 0) GradientClipping.ByNorm(_learner.Parameters, _recipe.Training.ClipNorm);
        _optimiser.Step(schedule.RateAt(_optimiser.Steps));
        _average?.Update(_optimiser.Steps);
        return value;
    }

    // Looks at the network as it will be written: with averages in place of weights, where the recipe keeps them.
    private T WithAverages<T>(Func<T> look)
    {
        _average?.Swap();
        try
        {
            return look();
        }
        finally
        {
            _average?.Swap();
        }
    }

    private void Validate(long step, double rate, RunObserver observer)
    {
        (double quality, double baseline) = WithAverages(() => _data.Validation.Measure(_learner));
        long since = step - (_curve.Points.Count > 0 ? _curve.Points[^1].Step : 0);
        var point = new CurvePoint(step, Number(LossSum) / since, rate, quality, baseline) { Remark = _learner.TakeRemark() };
        _curve.Add(point);
        _state.Numbers[LossSum] = 0;
        Save();
        observer.Validated(point);
    }

    private static void Write(string path, string text) => WholeFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private double Number(string name) => BitConverter.UInt64BitsToDouble(_state.Numbers[name]);

    private void Save()
    {
        try
        {
            _state.Save(_folder.State);
        }
        catch (ImportException failure)
        {
            throw new TrainingException(failure.Message);
        }
    }

    private void Load()
    {
        try
        {
            _state.Load(_folder.State);
        }
        catch (ImportException failure)
        {
            throw new TrainingException(failure.Message);
        }
    }

    // A network from a file may take other pictures than the recipe's task has.
    private void CheckSizes()
    {
        SampleSizes sizes = _data.Train.Sizes;
        if (!_learner.InputCounts.SequenceEqual(sizes.Inputs))
            throw new TrainingException($"'{_graph.Name}' does not take the inputs of the task '{_recipe.Task}' at patches of {_recipe.Data.Patch}: {string.Join(", ", _graph.Inputs.Select(i => $"{i.Name} {i.Shape}"))}");
        if (_recipe.Task.Kind != TaskKind.Classification && _learner.OutputCount != sizes.Target)
            throw new TrainingException(Invariant($"'{_graph.Name}' makes {_learner.OutputCount} values from a patch, but the task '{_recipe.Task}' has {sizes.Target}"));
    }
}
