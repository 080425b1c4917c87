using Bitloom.Compiler;
using Bitloom.Hosting;
using Bitloom.Runtime;

namespace Bitloom.Parity.Tests.HostingTests;

/// <summary>Loading of emitted code, with code written by hand in the emitted form.</summary>
public sealed class HostedModelTests
{
    private const string Doubler = """
        using System;
        using System.Collections.Generic;
        using Bitloom.Runtime;

        namespace Networks;

        public static partial class Doubler
        {
            public static Session Create(int height, int width, int threads = 1, VectorWidth vectorWidth = VectorWidth.Best) =>
                height < 1 ? throw new ArgumentException("height must be 1 or more") : new Session(height, width, threads, vectorWidth);

            public sealed class Session : BloomSession
            {
                private readonly TensorInfo _info;

                internal Session(int height, int width, int threads, VectorWidth vectorWidth)
                    : base(new[] { new TensorInfo("input", 1, height, width) }, new[] { new TensorInfo("output", 1, height, width) }, threads, vectorWidth)
                {
                    _info = Inputs[0];
                    StartThreads();
                }

                public override long ArenaBytes => 0;
                public override long WeightBytes => 0;

                public unsafe void Run(ReadOnlySpan<float> input, Span<float> output)
                {
                    CheckLength(_info, input.Length);
                    fixed (float* from = input, to = output)
                        for (int i = 0; i < input.Length; i++) to[i] = from[i] * 2;
                }

                protected override void Release() { }
                protected override void RunArrays(IReadOnlyList<float[]> inputs, IReadOnlyList<float[]> outputs) => Run(inputs[0], outputs[0]);
                protected override void RunPart(int part) { }
            }
        }
        """;

    [Fact]
    public void Emitted_form_loads_and_runs()
    {
        using HostedModel model = HostedModel.Load([new SourceFile("Doubler.g.cs", Doubler)], "Networks.Doubler");
        Assert.True(model.TakesSize);
        using BloomSession session = model.CreateSession(1, 3, threads: 2, VectorWidth.Bits128);
        Assert.Equal((2, VectorWidth.Bits128, 3), (session.Threads, session.VectorWidth, session.Outputs[0].Length));
        var output = new float[3];
        session.Run([[1, 2, 3]], [output]);
        Assert.Equal([2, 4, 6], output);
    }

    [Fact]
    public void Two_models_of_one_name_live_side_by_side()
    {
        using HostedModel first = HostedModel.Load([new SourceFile("Doubler.g.cs", Doubler)], "Networks.Doubler");
        using HostedModel second = HostedModel.Load([new SourceFile("Doubler.g.cs", Doubler.Replace("* 2", "* 3", StringComparison.Ordinal))], "Networks.Doubler");
        float[] doubled = new float[1], trebled = new float[1];
        using BloomSession one = first.CreateSession(1, 1), other = second.CreateSession(1, 1);
        one.Run([[5]], [doubled]);
        other.Run([[5]], [trebled]);
        Assert.Equal((10f, 15f), (doubled[0], trebled[0]));
    }

    [Fact]
    public void Exceptions_of_Create_come_through_as_they_are()
    {
        using HostedModel model = HostedModel.Load([new SourceFile("Doubler.g.cs", Doubler)], "Networks.Doubler");
        Assert.Equal("height must be 1 or more", Assert.Throws<ArgumentException>(() => model.CreateSession(0, 1)).Message);
    }

    [Fact]
    public void Code_that_does_not_compile_is_shown_with_its_line()
    {
        var file = new SourceFile("Doubler.g.cs", Doubler.Replace("from[i] * 2", "from[i] * two", StringComparison.Ordinal));
        string message = Assert.Throws<EmittedCodeException>(() => HostedModel.Load([file], "Networks.Doubler")).Message;
        Assert.Contains("Doubler.g.cs(", message, StringComparison.Ordinal);
        Assert.Contains("error CS0103", message, StringComparison.Ordinal);
        Assert.Contains("to[i] = from[i] * two;", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_in_emitted_code_are_defects()
    {
        var file = new SourceFile("Doubler.g.cs", Doubler.Replace("CheckLength(_info, input.Length);", "int unused;", StringComparison.Ordinal));
        Assert.Contains("warning CS0168", Assert.Throws<EmittedCodeException>(() => HostedModel.Load([file], "Networks.Doubler")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Class_of_another_name_is_a_defect() =>
        Assert.Contains("no class 'Networks.Other'", Assert.Throws<EmittedCodeException>(
            () => HostedModel.Load([new SourceFile("Doubler.g.cs", Doubler)], "Networks.Other")).Message, StringComparison.Ordinal);
}
