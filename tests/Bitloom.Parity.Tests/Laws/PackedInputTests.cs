using Bitloom.Compiler;
using Bitloom.Compiler.Graph;
using Bitloom.Compiler.Operators;
using Bitloom.Compiler.Planning;
using Bitloom.Parity.Tests.Harness;
using Bitloom.Parity.Tests.RandomGraphs;

namespace Bitloom.Parity.Tests.Laws;

/// <summary>Inputs that a 1 x 1 convolution reads are packed from the caller's memory, joined and padded on the way, at every size.</summary>
public sealed class PackedInputTests
{
    private const double Tolerance = 3e-5;
    private const int Outputs = 17;

    [Theory]
    [InlineData(5, 0, null, true, 7, 13)]
    [InlineData(1, 4, null, true, 1, 1)]
    [InlineData(3, 2, PadMode.Reflect, true, 9, 21)]
    [InlineData(3, 2, PadMode.Reflect, true, 16, 8)]
    [InlineData(3, 2, PadMode.Reflect, true, 6, 600)]
    [InlineData(2, 0, PadMode.Reflect, true, 5, 5)]
    [InlineData(3, 2, PadMode.Reflect, false, 13, 30)]
    [InlineData(4, 1, PadMode.Zero, false, 1, 1)]
    [InlineData(4, 1, PadMode.Zero, false, 11, 47)]
    public void Inputs_never_become_planes(int channels, int moreChannels, PadMode? pad, bool padsResult, int height, int width)
    {
        NetworkCase network = Network(channels, moreChannels, pad, padsResult, height, width);
        Plan plan = BloomCompiler.MakePlan(network.Graph).Value!;
        FlatStep step = Assert.Single(plan.Steps.OfType<FlatStep>());
        Assert.Equal(pad, Assert.IsType<PackedPanelSource>(step.Source).Inputs.Pad);
        Assert.Equal(2, plan.Steps.Count);
        Assert.IsType<StoreOutputStep>(plan.Steps[1]);
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), Tolerance));
    }

    /// <summary>Zeros beside an image are not what a convolution with a bias makes of zeros.</summary>
    [Fact]
    public void Zeros_are_added_where_the_network_adds_them()
    {
        NetworkCase network = Network(3, 2, PadMode.Zero, padsResult: true, 6, 11);
        Assert.Contains(BloomCompiler.MakePlan(network.Graph).Value!.Steps, s => s is RowStep { Kernel: "pad" });
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), Tolerance));
    }

    [Fact]
    public void An_input_that_is_read_elsewhere_is_loaded()
    {
        NetworkCase network = Network(Outputs, 0, null, padsResult: false, 6, 11, addsInput: true);
        Assert.Contains(BloomCompiler.MakePlan(network.Graph).Value!.Steps, s => s is LoadInputStep);
        Assert.Null(AgreementTests.CheckEveryEngine(network, network.Interpret(), Tolerance));
    }

    // [pad](conv1x1(cat(first, second))), cropped to the input's size where it was padded.
    private static NetworkCase Network(int channels, int moreChannels, PadMode? pad, bool padsResult, int height, int width, bool addsInput = false)
    {
        var values = new RandomValues(channels + height + width, isShort: false);
        var draft = new GraphDraft();
        var inputs = new Dictionary<string, ReferenceInterpreter.Tensor> { ["first"] = values.Input(channels, height, width) };
        string first = draft.Input("first", channels), x = first;
        if (moreChannels > 0)
        {
            inputs["second"] = values.Input(moreChannels, height, width);
            x = draft.Add(new Concat(), x, draft.Input("second", moreChannels));
        }

        string Padded(string y) => pad is { } mode ? draft.Add(new PadToMultiple((4, 8), mode), y) : y;
        FloatTensor weight = values.Kernel(draft.WeightName("weight"), Outputs, channels + moreChannels, 1, 1);
        var conv = new Conv2d(weight, values.Vector(draft.WeightName("bias"), Outputs, () => values.Shift(0.5)), new Window());
        string made = padsResult ? draft.Add(conv, x) : draft.Add(conv, Padded(x));
        string result = padsResult ? Padded(made) : made;
        if (addsInput) result = draft.Add(new Add(), result, first);
        if (pad is not null) result = draft.Add(new CropLike(), result, padsResult ? made : x);
        return new NetworkCase($"packed inputs of {channels} and {moreChannels} channels, {height} x {width}", draft.Finish("packed", result), inputs);
    }
}
