using System.Text.Json;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests.Commands;

public sealed class HistoryAndRestoreTests : IDisposable
{
    private readonly Computer _computer = new();

    public void Dispose() => _computer.Dispose();

    [Fact]
    public async Task HistoryListsTheVersionsOfAPathNewestFirst()
    {
        await WithThreeVersionsAsync();
        using var document = JsonDocument.Parse((await _computer.RunAsync("history", "x.txt", "--json")).ShouldExit(0).Output);
        var versions = document.RootElement.EnumerateArray().ToArray();
        versions.Select(v => string.Join(' ', v.EnumerateObject().Select(p => p.Name))).ShouldAllBe(keys => keys == "version participant seq time kind size observed");
        versions.Select(v => (v.GetProperty("participant").GetString(), v.GetProperty("kind").GetString(), v.GetProperty("size").GetInt64()))
            .ShouldBe([("alice", "deleted", 0), ("bob", "file", 7), ("alice", "file", 5)]);
        versions[1].GetProperty("observed").GetProperty("alice").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task HistoryOfTheFolderListsTheSnapshotsOfAll()
    {
        await WithThreeVersionsAsync();
        using var document = JsonDocument.Parse((await _computer.RunAsync("history", "--json")).ShouldExit(0).Output);
        var snapshots = document.RootElement.EnumerateArray().ToArray();
        snapshots.Select(s => s.GetProperty("kind").GetString()).ShouldAllBe(kind => kind == "snapshot");
        snapshots.Select(s => s.GetProperty("participant").GetString()).Distinct().Order().ShouldBe(["alice", "bob"]);
        snapshots.Select(s => s.GetProperty("version").GetString()).ShouldBeUnique();
        (await _computer.RunAsync("history")).ShouldExit(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(snapshots.Length);
    }

    [Fact]
    public async Task ADeletedFileComesBackOnBothSides()
    {
        string[] versions = await WithThreeVersionsAsync();
        (await _computer.RunAsync("restore", "x.txt", "--version", versions[1])).ShouldExit(0).ShouldBeCalm();
        _computer.Read("alice/x.txt").ShouldBe("second!");
        _computer.Read("bob/x.txt").ShouldBe("second!");
        (await _computer.RunAsync("restore", "x.txt", "--version", versions[1])).ShouldExit(0).Output.ShouldContain("nothing to do");
        (await _computer.RunAsync("restore", "x.txt", "--version", versions[0])).ShouldExit(1).ShouldReportOnce("x.txt was not there");
    }

    [Fact]
    public async Task ATimeMeansWhatWasThereThen()
    {
        _computer.Write("alice/x.txt", "first");
        await _computer.SyncAsync("alice", "bob");
        string then = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        _computer.Write("alice/x.txt", "second");
        await _computer.SyncAsync("alice", "bob");
        (await _computer.RunAsync("restore", "bob/x.txt", "--at", then)).ShouldExit(0);
        _computer.Read("alice/x.txt").ShouldBe("first");
        (await _computer.RunAsync("restore", "x.txt", "--at", "2015-05-01")).ShouldExit(1).ShouldReportOnce("that old");
        (await _computer.RunAsync("restore", "x.txt", "--at", "soon")).ShouldExit(2).ShouldReportOnce("soon");
        (await _computer.RunAsync("restore", "x.txt")).ShouldExit(2).ShouldReportOnce("--version");
    }

    [Fact]
    public async Task IntoAnotherDirectoryItWorksDuringAWatchAndOverwritesNothing()
    {
        string[] versions = await WithThreeVersionsAsync();
        using var watch = _computer.Start("sync", "alice", "bob", "--watch");
        await watch.SaysAsync("Watching");
        (await _computer.RunAsync("restore", "x.txt", "--version", versions[1])).ShouldExit(1).ShouldReportOnce("watch", "--to");
        (await _computer.RunAsync("restore", "x.txt", "--version", versions[1], "--to", "old")).ShouldExit(0).ShouldBeCalm();
        (await _computer.RunAsync("restore", "x.txt", "--version", versions[2], "--to", "old")).ShouldExit(1).ShouldReportOnce("x.txt", "overwritten");
        (await _computer.RunAsync("restore", "y.txt", "--version", versions[1], "--to", "unused")).ShouldExit(1).ShouldReportOnce("y.txt");
        _computer.Exists("unused").ShouldBeFalse();
        watch.Interrupt();
        await watch.EndAsync();
        _computer.Read("old/x.txt").ShouldBe("second!");
        _computer.Names("old").ShouldBe(["x.txt"]);
        _computer.Exists("alice/x.txt").ShouldBeFalse();
    }

    /// <summary>Made by alice, edited by bob, deleted by alice. Returns the ids, newest first.</summary>
    private async Task<string[]> WithThreeVersionsAsync()
    {
        _computer.Write("alice/other.txt", "other");
        _computer.Write("alice/x.txt", "first");
        await _computer.SyncAsync("alice", "bob");
        _computer.Write("bob/x.txt", "second!");
        await _computer.SyncAsync("alice", "bob");
        _computer.Delete("alice/x.txt");
        await _computer.SyncAsync("alice", "bob");
        using var document = JsonDocument.Parse((await _computer.RunAsync("history", "x.txt", "--json")).ShouldExit(0).Output);
        return [.. document.RootElement.EnumerateArray().Select(v => v.GetProperty("version").GetString()!)];
    }
}
