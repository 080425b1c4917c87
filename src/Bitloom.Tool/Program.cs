using Bitloom.Tool;

using var interruption = new Interruption();
return BloomCommandLine.Run(args, Console.Out, Console.Error, interruption.Token);
