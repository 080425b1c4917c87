using Bitloom.Compiler.Graph;
using Bitloom.Training.Recipes;

namespace Bitloom.Tool;

/// <summary>Measures a network on one kind of test set.</summary>
internal abstract class NetworkEvaluation
{
    /// <summary>What is measured.</summary>
    internal abstract Metrics Metrics { get; }

    /// <summary>How many pictures there are.</summary>
    internal abstract int Count { get; }

    /// <summary>Name of a picture.</summary>
    internal abstract string NameOf(int index);

    /// <summary>Measures one picture.</summary>
    /// <exception cref="BadInputException">It cannot be read, or the network does not take it.</exception>
    internal abstract Measurement Measure(int index);

    /// <summary>Lines about all pictures beside the metrics, after all were measured.</summary>
    internal virtual IReadOnlyList<string> Remarks => [];

    /// <summary>Means of further baselines, after all were measured.</summary>
    internal virtual IReadOnlyList<(string Name, double Mean)> OtherBaselines => [];

    /// <summary>Mean multiply-accumulates of a picture, after all were measured; null where pictures differ in size.</summary>
    internal virtual double? MeanOperations => null;

    /// <summary>Measures all, printing a line for each; returns the lines about all.</summary>
    internal IReadOnlyList<string> Run(ToolContext context)
    {
        IReadOnlyList<Measurement> all = MeasureAll(context, measurement => context.Output.WriteLine(measurement.Line(Metrics)));
        return [.. Remarks, .. Measurement.Summarize(Metrics, all)];
    }

    /// <summary>Measures all.</summary>
    /// <param name="context">Where progress is shown.</param>
    /// <param name="observe">Called with each picture's figures.</param>
    internal IReadOnlyList<Measurement> MeasureAll(ToolContext context, Action<Measurement> observe)
    {
        var all = new List<Measurement>();
        for (int i = 0; i < Count; i++)
        {
            int index = i;
            Measurement measurement = context.Progress(FormattableString.Invariant($"{i + 1} of {Count}: {NameOf(i)}"), () => Measure(index));
            observe(measurement);
            all.Add(measurement);
        }

        return all;
    }

    /// <summary>The evaluation of a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="subject">The network and how to run it.</param>
    /// <param name="folders">Folders of the test set, or, for cubes, files too.</param>
    /// <param name="mask">The camera's mask, for cubes.</param>
    /// <exception cref="BadInputException">Folder or network do not fit the task.</exception>
    internal static NetworkEvaluation Create(ImageTask task, EvaluatedNetwork subject, IReadOnlyList<string> folders, string? mask) => task.Kind switch
    {
        TaskKind.Spectral => new SpectralEvaluation(subject, folders, mask),
        TaskKind.Classification => new ClassificationEvaluation(subject, folders[0]),
        _ => new PictureEvaluation(task, subject, [.. folders.SelectMany(EvaluationSet.Find)]),
    };
}

/// <summary>A network that is measured.</summary>
/// <param name="Model">Where it comes from, for messages.</param>
/// <param name="Graph">The network.</param>
/// <param name="Host">The network made runnable.</param>
/// <param name="White">The value that stands for white, 1 or 255.</param>
/// <param name="Threads">Threads that share the work.</param>
internal sealed record EvaluatedNetwork(ModelFile Model, NetworkGraph Graph, INetworkHost Host, float White, int Threads);
