using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Trees;

namespace MagicFolder.EndToEnd.Tests;

/// <summary>Trouble with the storage is one clear line, never a crash and never a wrong file; where it can be healed, healing it is enough.</summary>
public sealed class GridTroubleTests : IDisposable
{
    private readonly Computer _computer = new();

    [Fact]
    public async Task AMissingGridDirectoryIsReportedAndNotMadeAnew()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");

        Directory.Move(_computer.Grid, _computer.At("grid elsewhere"));
        _computer.Write("alice/new", "new");
        var result = await _computer.RunAsync("sync", "alice", "bob");

        result.ShouldExit(1).ShouldReportOnce(_computer.Grid);
        Directory.Exists(_computer.Grid).ShouldBeFalse();
        _computer.Names("bob").ShouldBe(["file"]);

        Directory.Move(_computer.At("grid elsewhere"), _computer.Grid);
        await _computer.SyncAsync("alice", "bob");
    }

    [Fact]
    public async Task AGridThatHoldsAFolderIsNotMadeAnewForSomethingElse()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");
        Directory.Move(_computer.Grid, _computer.At("grid elsewhere"));

        (await _computer.RunAsync("sync", "carol", "dave")).ShouldExit(1).ShouldReportOnce(_computer.Grid, "mount");
        Directory.Exists(_computer.Grid).ShouldBeFalse();
        Directory.CreateDirectory(_computer.Grid);
        (await _computer.RunAsync("put", "alice/file")).ShouldExit(1).ShouldReportOnce(_computer.Grid, "mount");
        (await _computer.RunAsync("init")).ShouldExit(1).ShouldReportOnce(_computer.Grid, "mount");
        Directory.EnumerateFileSystemEntries(_computer.Grid).ShouldBeEmpty();

        Directory.CreateDirectory(Path.Combine(_computer.Grid, "shares"));
        (await _computer.RunAsync("put", "alice/file")).ShouldExit(0);
        (await _computer.RunAsync("put", "alice/file", "--grid", "new")).ShouldExit(0);
    }

    [Fact]
    public async Task AGridOfANewerFormatIsRefusedAndLeftUntouched()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");
        await File.WriteAllTextAsync(Path.Combine(_computer.Grid, "magic-folder-grid"), "magic-folder-grid 99\n");
        var before = TreeListing.Of(_computer.Grid).Items;

        _computer.Write("alice/new", "new");
        var result = await _computer.RunAsync("sync", "alice", "bob");

        result.ShouldExit(1).ShouldReportOnce("format 99", "newer version");
        Directories.Differences(before, TreeListing.Of(_computer.Grid).Items).ShouldBeEmpty();
    }

    [Fact]
    public async Task ADamagedShareSpoilsOnlyItsOwnFileAndRestoringItHeals()
    {
        _computer.Write("alice/first", "content");
        await _computer.SyncAsync("alice", "bob");
        string share = await PublishAsync("alice/victim", SampleTree.Bytes(2_000_000));
        await PublishAsync("alice/other", SampleTree.Bytes(1_000_000));
        byte[] intact = await File.ReadAllBytesAsync(share);

        await DamageAsync(share, intact.Length / 3);
        var result = await _computer.RunAsync("sync", "bob");

        result.ShouldExit(3).ShouldReportOnce("bob", "victim");
        _computer.Names("bob").ShouldBe(["first", "other"]);

        await File.WriteAllBytesAsync(share, intact);
        await _computer.SyncAsync("alice", "bob");
    }

    [Fact]
    public async Task ALostShareSpoilsOnlyItsOwnFileAndRestoringItHeals()
    {
        _computer.Write("alice/first", "content");
        await _computer.SyncAsync("alice", "bob");
        string share = await PublishAsync("alice/victim", SampleTree.Bytes(2_000_000));
        await PublishAsync("alice/other", SampleTree.Bytes(1_000_000));

        File.Move(share, _computer.At("lost"));
        (await _computer.RunAsync("sync", "bob")).ShouldExit(3).ShouldReportOnce("bob", "victim");
        _computer.Names("bob").ShouldBe(["first", "other"]);

        _computer.Write("bob/first", "edited by bob");
        _computer.Write("alice/second", "of alice");
        (await _computer.RunAsync("sync", "alice", "bob")).ShouldExit(3).ShouldReportOnce("bob", "victim");
        _computer.Read("alice/first").ShouldBe("edited by bob");
        _computer.Read("bob/second").ShouldBe("of alice");

        File.Move(_computer.At("lost"), share);
        await _computer.SyncAsync("alice", "bob");
    }

    [Fact]
    public async Task ADamagedHeadIsReportedForItsParticipantAndTheOthersGoOn()
    {
        _computer.Write("alice/first", "content");
        await _computer.SyncAsync("alice", "bob", "carol");
        var before = TreeListing.Of(_computer.Grid).Items;
        _computer.Write("alice/of-alice", "new");
        (await _computer.RunAsync("sync", "alice")).ShouldExit(0);
        string head = Path.Combine(_computer.Grid, Directories.Differences(before, TreeListing.Of(_computer.Grid).Items).Select(line => line.Split(':')[0])
            .Single(path => before.ContainsKey(path) && path.StartsWith("shares/", StringComparison.Ordinal) && before[path].StartsWith("file", StringComparison.Ordinal)));
        byte[] intact = await File.ReadAllBytesAsync(head);

        _computer.Write("carol/of-carol", "new");
        await DamageAsync(head, intact.Length / 2);
        var result = await _computer.RunAsync("sync", "carol", "bob");

        result.ExitCode.ShouldBe(3, result.ToString());
        result.ErrorLines.ShouldContain(line => line.StartsWith("bob: alice: ", StringComparison.Ordinal), result.ToString());
        result.ShouldBeCalm();
        _computer.Names("bob").ShouldBe(["first", "of-carol"]);

        await File.WriteAllBytesAsync(head, intact);
        await _computer.SyncAsync("alice", "bob", "carol");
    }

    public void Dispose() => _computer.Dispose();

    /// <summary>Stores one file of alice. Returns its share.</summary>
    private async Task<string> PublishAsync(string path, byte[] content)
    {
        var before = TreeListing.Of(_computer.Grid).Items;
        _computer.Write(path, content);
        (await _computer.RunAsync("sync", "alice")).ShouldExit(0);
        return TreeListing.Of(_computer.Grid).Items.Keys.Except(before.Keys).Select(share => Path.Combine(_computer.Grid, share))
            .Single(share => File.Exists(share) && new FileInfo(share).Length >= content.Length);
    }

    private static async Task DamageAsync(string share, int at)
    {
        byte[] bytes = await File.ReadAllBytesAsync(share);
        for (int i = at; i < at + 16; i++) bytes[i] ^= 0x55;
        await File.WriteAllBytesAsync(share, bytes);
    }
}
