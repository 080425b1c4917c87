namespace Bitloom.Tool.Tests;

public sealed class OutputFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_written_and_replaced()
    {
        OutputFiles.Write(_folder.At("a"), new byte[] { 1 });
        OutputFiles.WriteAll([(_folder.At("a"), new byte[] { 2 }), (_folder.At("b"), new byte[] { 3 })]);
        Assert.Equal([2], File.ReadAllBytes(_folder.At("a")));
        Assert.Equal([3], File.ReadAllBytes(_folder.At("b")));
        Assert.Equal(["a", "b"], _folder.Files);
    }

    [Fact]
    public void One_bad_target_keeps_all_files_as_they_were()
    {
        _folder.Write("a", "old");
        Assert.Throws<BadInputException>(() => OutputFiles.WriteAll([(_folder.At("a"), new byte[] { 2 }), (_folder.At("none/b"), new byte[] { 3 })]));
        Assert.Equal("old", File.ReadAllText(_folder.At("a")));
        Assert.Equal(["a"], _folder.Files);
    }

    [Fact]
    public void A_link_stays_and_its_target_is_replaced()
    {
        if (OperatingSystem.IsWindows()) return;
        File.CreateSymbolicLink(_folder.At("link"), _folder.Write("a", "old"));
        OutputFiles.Write(_folder.At("link"), "new"u8.ToArray());
        Assert.Equal("new", File.ReadAllText(_folder.At("a")));
        Assert.NotNull(File.ResolveLinkTarget(_folder.At("link"), returnFinalTarget: false));
    }

    [Fact]
    public void A_device_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.Throws<BadInputException>(() => OutputFiles.Write("/dev/null", new byte[1]));
        Assert.Throws<BadInputException>(() => OutputFiles.Write("/dev/shm/../null", new byte[1]));
    }
}
