using Bitloom;
using Bitloom.Runtime;

namespace Classify;

/// <summary>A classifier that is compiled into this program from its descriptor. Its first output is the scores of the classes.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Resolutions">Those that it may look at, in pixels.</param>
/// <param name="Create">Makes a session for a number of threads.</param>
/// <param name="Chosen">Which of the resolutions the last run of a session looked at.</param>
internal sealed record Network(string Name, IReadOnlyList<string> Resolutions, Func<int, BloomSession> Create, Func<BloomSession, int> Chosen);

/// <summary>All of them: the one whose predictor chooses a resolution, and one for each resolution.</summary>
internal static class Networks
{
    /// <summary>The usual one first.</summary>
    internal static readonly IReadOnlyList<Network> All =
    [
        new("drnet-s", Dynamic.Session.Branches, threads => Dynamic.Create(threads), session => ((Dynamic.Session)session).Choice),
        new("resnet-s-112", ["112"], threads => Fixed112.Create(threads), _ => 0),
        new("resnet-s-80", ["80"], threads => Fixed80.Create(threads), _ => 0),
        new("resnet-s-56", ["56"], threads => Fixed56.Create(threads), _ => 0),
    ];
}

[BloomModel("drnet-s.bloom")]
internal static partial class Dynamic;

[BloomModel("resnet-s-112.bloom")]
internal static partial class Fixed112;

[BloomModel("resnet-s-80.bloom")]
internal static partial class Fixed80;

[BloomModel("resnet-s-56.bloom")]
internal static partial class Fixed56;
