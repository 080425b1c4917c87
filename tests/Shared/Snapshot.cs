using System.Runtime.CompilerServices;
using Xunit.Sdk;

namespace Bitloom.Tests;

/// <summary>
/// Compares text with <c>Class.Method.verified.ext</c> beside the test, by the file conventions of Verify. On a difference it writes
/// <c>Class.Method.received.ext</c>; to accept it, rename the file, or run the test with <c>BITLOOM_ACCEPT_SNAPSHOTS=1</c>.
/// </summary>
internal static class Snapshot
{
    /// <summary>Fails where <paramref name="actual"/> differs from the verified text.</summary>
    /// <param name="actual">Text made by the test.</param>
    /// <param name="extension">Extension of the snapshot, e.g. <c>cs</c>.</param>
    /// <param name="testFile">The test's file; its name is the class's.</param>
    /// <param name="testMethod">The test's method.</param>
    internal static void Match(
        string actual, string extension = "txt", [CallerFilePath] string testFile = "", [CallerMemberName] string testMethod = "")
    {
        string stem = Path.Combine(Path.GetDirectoryName(testFile)!, $"{Path.GetFileNameWithoutExtension(testFile)}.{testMethod}");
        string verified = $"{stem}.verified.{extension}", received = $"{stem}.received.{extension}";
        if (Environment.GetEnvironmentVariable("BITLOOM_ACCEPT_SNAPSHOTS") == "1") File.WriteAllText(verified, actual);

        // Git may check files out with other line ends than tests make.
        string? expected = File.Exists(verified) ? File.ReadAllText(verified).Replace("\r\n", "\n") : null;
        if (expected == actual)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, actual);
        throw new XunitException(expected is null
            ? $"There is no {verified} yet. Review {received} and rename it."
            : $"{verified} differs. {DescribeFirstDifference(expected, actual)} Compare it with {received}.");
    }

    private static string DescribeFirstDifference(string expected, string actual)
    {
        string[] wanted = expected.Split('\n'), given = actual.Split('\n');
        int line = 0;
        while (line < wanted.Length && line < given.Length && wanted[line] == given[line]) line++;
        string At(string[] lines) => line < lines.Length ? $"'{lines[line]}'" : "the end";
        return $"Line {line + 1}: expected {At(wanted)}, received {At(given)}.";
    }
}
