using System.CommandLine;
using System.Text.Json;
using Bitloom.Compiler;

namespace Bitloom.Tool;

/// <summary><c>bitloom explain</c>: what the compiler makes of a network, and why.</summary>
internal sealed class ExplainCommand : VerbCommand
{
    // The input for which papers on super-resolution count operations.
    private const string StandardSize = "180x320";

    private static readonly JsonSerializerOptions JsonOptions = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Argument<string> _model = ModelFile.CreateArgument();
    private readonly Option<string?> _size = new("--size") { Description = $"Height and width that work and bytes are counted for. [default: {StandardSize}]", HelpName = "HxW" };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON line instead of text." };

    internal ExplainCommand()
        : base("explain", "Show a network's layers, kernels with reasons, buffers and totals.")
    {
        Add(_model);
        Add(_size);
        Add(_json);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Examples => ["bitloom explain bbcu-m-x2.bloom --size 270x480"];

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Notes =>
    [
        "Prints last:  totals: N nodes, F fused nodes, B binary MACs, M fp32 MACs, A arena bytes, W weight bytes",
        "A fused node has no kernel call of its own.",
        "Arena bytes are those of the buffers listed; a session adds working memory for each thread, which bench counts too.",
        "Weight bytes are counted as the descriptor stores them; bench counts them in the larger form that kernels read.",
    ];

    /// <inheritdoc/>
    internal override int Execute(ParseResult arguments, ToolContext context)
    {
        ModelFile model = ModelFile.Open(arguments.GetRequiredValue(_model));
        ImageSize size = new NetworkShapes(model.ReadGraph()).ChooseSize(arguments.GetValue(_size), StandardSize);
        var options = new EmissionOptions("", CSharpNames.FromFileName(model.Path));
        CompiledNetwork network = model.Unwrap(context.Progress($"compiling {model.Path}", () => BloomCompiler.Compile(model.Text, options, context.Cancellation)));
        var description = PlanDescription.Of(network.Plan, size);
        if (arguments.GetValue(_json)) context.Output.WriteLine(JsonSerializer.Serialize(description, JsonOptions));
        else PlanText.Write(context.Output, description);
        return ExitCode.Success;
    }
}
