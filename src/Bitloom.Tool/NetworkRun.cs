using Bitloom.ReferenceInterpreter;
using Bitloom.Runtime;

namespace Bitloom.Tool;

/// <summary>A network at one size, ready to run on named tensors.</summary>
internal sealed class NetworkRun : IDisposable
{
    private NetworkRun(BloomSession session) => Session = session;

    /// <summary>The session behind it.</summary>
    internal BloomSession Session { get; }

    /// <summary>Makes a session; refuses a size that the network or this machine cannot take.</summary>
    /// <param name="host">The compiled network.</param>
    /// <param name="place">The option or file that the size comes from, for messages.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="threads">Threads that share the work.</param>
    /// <exception cref="BadInputException">The size is refused.</exception>
    internal static NetworkRun Create(INetworkHost host, string place, ImageSize size, int threads)
    {
        try
        {
            return new NetworkRun(host.CreateSession(size, threads));
        }
        catch (Exception failure) when (failure is ArgumentException or OverflowException)
        {
            throw new BadInputException(place, $"the network does not take {size} ({Reason(failure)})", "choose another size");
        }
    }

    /// <summary>What an exception says, without the name of a parameter that no user has seen.</summary>
    internal static string Reason(Exception failure)
    {
        string message = failure.Message;
        int parameter = failure is ArgumentException ? message.LastIndexOf(" (Parameter ", StringComparison.Ordinal) : -1;
        return (parameter < 0 ? message : message[..parameter]).TrimEnd('.');
    }

    /// <summary>Runs once.</summary>
    /// <param name="inputs">Tensors that hold the network's inputs by name.</param>
    /// <returns>The network's outputs by name.</returns>
    internal Dictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        float[][] given = [.. Session.Inputs.Select(i => inputs[i.Name].Values)];
        Tensor[] results = [.. Session.Outputs.Select(o => Tensor.Zeros(o.Channels, o.Height, o.Width))];
        Session.Run(given, [.. results.Select(r => r.Values)]);
        return Session.Outputs.Zip(results).ToDictionary(p => p.First.Name, p => p.Second);
    }

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();
}
