using Bitloom.Runtime.Images;
using Bitloom.Spectral;
using Bitloom.Spectral.Sensing;
using Bitloom.Training.Data;
using Bitloom.Training.Data.Degradations;
using Bitloom.Training.State;

namespace Bitloom.Training.Tests.Data;

public class SampleTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_reduced_patch_is_the_patch_of_the_reduced_picture(int scale)
    {
        const int patch = 5;
        Image image = TestPictures.Make(61, 50, 3, seed: scale), whole = image.Crop(0, 0, 61 / scale * scale, 50 / scale * scale);
        Image reduced = Bicubic.Reduce(whole, scale);
        var sampler = new PatchSampler([image], new BicubicReduction(scale), patch, turns: false);
        var batch = new SampleBatch(sampler.Sizes, 1);
        for (int y = 0; y <= reduced.Height - patch; y++)
            for (int x = 0; x <= reduced.Width - patch; x++)
            {
                sampler.Cut(image, y, x, new CounterRandom(0), batch.Input(0, 0), batch.Target(0));
                Assert.Equal(ImagePlanes.ToPlanes(reduced.Crop(x, y, patch, patch)), batch.Input(0, 0).ToArray());
                Assert.Equal(ImagePlanes.ToPlanes(image.Crop(x * scale, y * scale, patch * scale, patch * scale)), batch.Target(0).ToArray());
            }
    }

    [Fact]
    public void A_step_has_the_same_samples_on_any_thread_and_from_any_start()
    {
        var sampler = new PatchSampler([TestPictures.Make(40, 30, 3, 1), TestPictures.Make(30, 44, 3, 2)], new GaussianNoise(25), 8, turns: true);
        SampleBatch Direct(long step)
        {
            var batch = new SampleBatch(sampler.Sizes, 4);
            sampler.Fill(batch, seed: 9, step);
            return batch;
        }

        using var early = new BatchPrefetch(sampler, 4, 9, firstStep: 0);
        using var late = new BatchPrefetch(sampler, 4, 9, firstStep: 5);
        for (int step = 0; step < 12; step++)
        {
            foreach (BatchPrefetch prefetch in step < 5 ? new[] { early } : [early, late])
            {
                SampleBatch batch = prefetch.Take();
                Assert.Equal(Direct(step).Inputs[0], batch.Inputs[0]);
                Assert.Equal(Direct(step).Targets, batch.Targets);
                prefetch.Return(batch);
            }
        }

        Assert.NotEqual(Direct(0).Targets, Direct(1).Targets);
    }

    [Fact]
    public void A_sample_that_cannot_be_made_is_told_to_the_run()
    {
        using var prefetch = new BatchPrefetch(new BrokenSource(), 1, 0, 0);
        Assert.Equal("no such cube", Assert.Throws<TrainingException>(() => prefetch.Take()).Message);
    }

    [Fact]
    public void Noise_has_the_deviation_asked_for()
    {
        Image image = TestPictures.Make(200, 100, 3, 1);
        double[] noise = [.. new GaussianNoise(25).Apply(image, new CounterRandom(3)).Zip(ImagePlanes.ToPlanes(image), (n, c) => (n - c) * 255.0)];
        Assert.Equal(0, noise.Average(), 0.5);
        Assert.Equal(25, Math.Sqrt(noise.Average(n => n * n)), 0.3);
    }

    [Fact]
    public void Orientations_are_the_eight_of_a_square()
    {
        var found = new HashSet<string>();
        foreach (int choice in Enumerable.Range(0, 8))
        {
            float[] square = [1, 2, 3, 4];
            new Orientation((choice & 1) != 0, (choice & 2) != 0, (choice & 4) != 0).Apply(square, 2, 2);
            found.Add(string.Concat(square));
        }

        Assert.Equal(["1234", "1324", "2143", "2413", "3142", "3412", "4231", "4321"], found.Order());
    }

    [Fact]
    public void A_rectangle_is_laid_on_its_side()
    {
        float[] planes = [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60];
        new Orientation(IsTransposed: true, FlipsRows: false, FlipsColumns: true).Apply(planes, height: 2, width: 3);
        Assert.Equal([4, 1, 5, 2, 6, 3, 40, 10, 50, 20, 60, 30], planes);
    }

    [Fact]
    public void Classes_are_the_sub_folders_in_order()
    {
        DirectoryInfo folder = TestPictures.MakeFolder("beta", count: 2);
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "alpha"));
            ImageFile.Save(Path.Combine(folder.FullName, "alpha", "a.png"), TestPictures.Make(60, 30, 1, 5));
            var set = ClassificationFolder.Load(folder.FullName, shortSide: 20, isTraining: true, default);
            Assert.Equal(["alpha", "beta"], set.Classes);
            Assert.Equal([0, 1, 1], set.Images.Select(i => i.Class));
            Assert.Equal((40, 20, 3), (set.Images[0].Image.Width, set.Images[0].Image.Height, set.Images[0].Image.Channels));
            var sampler = new ClassificationSampler(set, 16, padding: 2);
            var batch = new SampleBatch(sampler.Sizes, 8);
            sampler.Fill(batch, seed: 1, step: 0);
            Assert.Contains(0f, batch.Targets);
            Assert.Contains(1f, batch.Targets);
            Assert.Throws<TrainingException>(() => new ClassificationSampler(set, 30, padding: 2));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Cifars_records_are_planes_behind_their_class(int labels)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("bitloom-tests-");
        try
        {
            byte[] record = [.. new byte[labels - 1], 7, .. Enumerable.Range(0, 3072).Select(i => (byte)(i / 1024 * 50 + (i % 32)))];
            File.WriteAllBytes(Path.Combine(folder.FullName, "data_batch_1.bin"), [.. record, .. record]);
            File.WriteAllBytes(Path.Combine(folder.FullName, "test_batch.bin"), record);
            var train = ClassificationFolder.Load(folder.FullName, 0, isTraining: true, default);
            Assert.Equal([7, 7], train.Images.Select(i => i.Class));
            Assert.Equal([3, 53, 103], train.Images[1].Image.Pixels[9..12]);
            Assert.Single(ClassificationFolder.Load(folder.FullName, 0, isTraining: false, default).Images);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_cube_is_measured_by_the_camera()
    {
        (Cube cube, Plane mask) = Scene(6, 6, 6, 6);
        var sampler = new CubeSampler([cube], mask, 6, takesMask: true);
        var batch = new SampleBatch(sampler.Sizes, 1);
        sampler.Draw(new CounterRandom(5), batch, 0);
        var drawn = new Cube(28, 6, 6, batch.Targets, SpectralBands.Cassi);
        Assert.Equal(SnapshotCamera.InitialEstimate(SnapshotCamera.Measure(drawn, mask), SpectralBands.Cassi).Values, batch.Inputs[0]);
        Assert.Equal(SnapshotCamera.RepeatMask(mask, 28), batch.Inputs[1]);
        Assert.Equal(cube.Values.Order(), batch.Targets.Order());
    }

    [Fact]
    public void A_patch_is_measured_with_the_light_of_what_lies_beside_it()
    {
        const int patch = 6;
        (Cube cube, Plane mask) = Scene(10, 70, 10, 70);
        Cube whole = SnapshotCamera.InitialEstimate(SnapshotCamera.Measure(cube, mask), SpectralBands.Cassi);
        var sampler = new CubeSampler([cube], mask, patch, takesMask: true);
        var batch = new SampleBatch(sampler.Sizes, 1);
        sampler.Cut(cube, 3, 31, batch, 0);
        Assert.Equal(whole.Crop(3, 31, patch, patch).Values, batch.Inputs[0]);
        float[] seen = [.. Enumerable.Range(0, patch * patch).Select(i => mask.Values[((3 + (i / patch)) * 70) + 31 + (i % patch)])];
        Assert.Equal(SnapshotCamera.RepeatMask(new Plane(patch, patch, seen), 28), batch.Inputs[1]);
        Assert.Equal(cube.Crop(3, 31, patch, patch).Values, batch.Targets);
    }

    [Fact]
    public void Cubes_that_are_larger_than_the_mask_are_measured_in_parts()
    {
        const int patch = 6;
        (Cube cube, Plane mask) = Scene(9, 40, 7, 20);
        var sampler = new CubeSampler([cube], mask, patch, takesMask: true);
        var values = cube.Values.ToHashSet();
        var drawn = new HashSet<float>();
        for (int seed = 0; seed < 40; seed++)
        {
            var batch = new SampleBatch(sampler.Sizes, 1);
            sampler.Draw(new CounterRandom((ulong)seed), batch, 0);
            Assert.Equal(batch.Targets.Length, batch.Targets.Distinct().Count(values.Contains));
            drawn.Add(batch.Targets[0]);
        }

        Assert.InRange(drawn.Count, 30, 40);
    }

    [Fact]
    public void Spectra_vary_smoothly_and_stay_within_their_range()
    {
        const int Bands = 28;
        float[] cube = [.. Enumerable.Repeat(0.3f, Bands * 4)];
        new SpectrumVariation(0.1, 0.2, -0.3).Apply(cube, Bands);
        Assert.Equal(0.3 * Math.Exp(0.1 + 0.2 - 0.3), cube[0], 1e-6);
        Assert.Equal(0.3 * Math.Exp(0.1 - 0.2 - 0.3), cube[^1], 1e-6);
        for (int band = 1; band < Bands; band++) Assert.InRange(cube[band * 4] / cube[(band * 4) - 1], 0.9, 1.1);

        float[] bright = [.. Enumerable.Repeat(0.8f, Bands * 4)];
        new SpectrumVariation(1, 0, 0.5).Apply(bright, Bands);
        Assert.Equal(1, bright.Max());
        Assert.Equal(Math.Exp(-1), bright.Min(), 2e-3);

        var random = new CounterRandom(3);
        SpectrumVariation[] drawn = [.. Enumerable.Range(0, 200).Select(_ => SpectrumVariation.Draw(random, 0.4))];
        Assert.All(drawn, d => Assert.True(Math.Max(Math.Abs(d.Level), Math.Max(Math.Abs(d.Tilt), Math.Abs(d.Bend))) <= 0.4));
        Assert.InRange(drawn.Max(d => d.Tilt), 0.35, 0.4);
    }

    // Values that all differ, and a mask of open and closed pixels.
    private static (Cube Cube, Plane Mask) Scene(int height, int width, int maskHeight, int maskWidth)
    {
        var random = new CounterRandom(1);
        float[] values = [.. Enumerable.Range(1, 28 * height * width).Select(i => i / (28f * height * width))];
        return (new Cube(28, height, width, values, SpectralBands.Cassi),
            new Plane(maskHeight, maskWidth, [.. Enumerable.Range(0, maskHeight * maskWidth).Select(_ => (float)random.NextIndex(2))]));
    }

    private sealed class BrokenSource : SampleSource
    {
        public override SampleSizes Sizes { get; } = new([1], 1);

        public override void Draw(CounterRandom random, SampleBatch batch, int place) => throw new TrainingException("no such cube");
    }
}
