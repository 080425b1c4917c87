using Bitloom.Tool;

using var interruption = new Interruption();
return BloomCommandLine.Run(args, new ToolContext(Console.Out, Console.Error, ShowsProgress: !Console.IsErrorRedirected, interruption.Token)
{
    WaitsForVerb = isPatient => interruption.IsPatient = isPatient,
});
