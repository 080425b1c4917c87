using Bitloom.Runtime.Images;
using Bitloom.Training.Data;
using Bitloom.Training.Recipes;

namespace Bitloom.Training.Runs;

/// <summary>
/// A fixed set of samples on which a run is watched, of the size of its training patches so that they run in the memory of training.
/// The figures follow those of whole pictures but are not the same: patches have more border.
/// </summary>
internal sealed class ValidationSet
{
    private readonly ImageTask _task;
    private readonly IReadOnlyList<SampleBatch> _batches;
    private readonly int[] _groups;
    private readonly int _channels;

    /// <summary>Makes a set.</summary>
    /// <param name="task">What is measured.</param>
    /// <param name="batches">The samples.</param>
    /// <param name="groups">For each sample, the number of the picture it is of; pictures count alike.</param>
    /// <param name="channels">Channels of the output.</param>
    internal ValidationSet(ImageTask task, IReadOnlyList<SampleBatch> batches, int[] groups, int channels) =>
        (_task, _batches, _groups, _channels) = (task, batches, groups, channels);

    /// <summary>What <see cref="Measure"/> returns.</summary>
    internal static string MetricOf(ImageTask task) => task.Kind switch
    {
        TaskKind.SuperResolution => "PSNR-Y dB",
        TaskKind.Classification => "top-1 %",
        _ => "PSNR dB",
    };

    /// <summary>The quality of a network's outputs, and of its inputs.</summary>
    internal (double Quality, double Baseline) Measure(Learner learner)
    {
        var errors = new List<(double Network, double Baseline)>();
        foreach (SampleBatch batch in _batches)
        {
            ReadOnlySpan<float> outputs = learner.Evaluate(batch);
            int size = learner.OutputCount;
            for (int sample = 0; sample < batch.Samples; sample++) errors.Add(Compare(outputs.Slice(sample * size, size), batch, sample));
        }

        if (_task.Kind == TaskKind.Classification) return (errors.Average(e => e.Network) * 100, CommonestClass() * 100);
        return (Decibels(errors.Select(e => e.Network)), Decibels(errors.Select(e => e.Baseline)));
    }

    // Mean squared errors with a peak of 1; for classes, 1 where the class is right.
    private (double Network, double Baseline) Compare(ReadOnlySpan<float> output, SampleBatch batch, int sample)
    {
        ReadOnlySpan<float> target = batch.Target(sample), input = batch.Input(0, sample);
        if (_task.Kind == TaskKind.Classification) return (IndexOfMax(output) == (int)target[0] ? 1 : 0, 0);
        if (_task.Kind == TaskKind.Spectral) return (ToError(MeanOfBands(output, target)), ToError(MeanOfBands(input, target)));
        int side = (int)Math.Round(Math.Sqrt(target.Length / _channels)), small = side / Scale;
        Image wanted = ImagePlanes.FromPlanes(target, _channels, side, side), made = ImagePlanes.FromPlanes(output, _channels, side, side);
        if (_task.Kind != TaskKind.SuperResolution) return (ToError(SignalToNoise.OfColours(made, wanted)), ToError(SignalToNoise.OfValues(input, target, 1)));
        Image enlarged = Bicubic.Enlarge(ImagePlanes.FromPlanes(input, _channels, small, small), Scale);
        return (ToError(SignalToNoise.OfLuma(made, wanted, Scale)), ToError(SignalToNoise.OfLuma(enlarged, wanted, Scale)));
    }

    private int Scale => _task.Kind == TaskKind.SuperResolution ? _task.Number : 1;

    // As papers on spectral images do, and the evaluation of whole cubes.
    private double MeanOfBands(ReadOnlySpan<float> made, ReadOnlySpan<float> wanted)
    {
        int plane = wanted.Length / _channels;
        double sum = 0;
        for (int band = 0; band < _channels; band++) sum += SignalToNoise.OfValues(made.Slice(band * plane, plane), wanted.Slice(band * plane, plane), 1);
        return sum / _channels;
    }

    private static double ToError(double decibels) => Math.Pow(10, -decibels / 10);

    // Squared errors are averaged within a picture, decibels over pictures, as papers do.
    private double Decibels(IEnumerable<double> errors) =>
        errors.Zip(_groups).GroupBy(p => p.Second, p => p.First).Average(group => -10 * Math.Log10(Math.Max(group.Average(), 1e-10)));

    private static int IndexOfMax(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best]) best = i;
        return best;
    }

    private double CommonestClass()
    {
        int[] classes = [.. _batches.SelectMany(b => b.Targets).Select(t => (int)t)];
        return (double)classes.GroupBy(c => c).Max(g => g.Count()) / classes.Length;
    }
}
