using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Restoring;
using MagicFolder.Sync.Tests.KnownPains;
using MagicFolder.Sync.Undoing;

namespace MagicFolder.Sync.Tests.Guarding;

public sealed class HeldDeletionTests : IAsyncLifetime
{
    private Neighbourhood _all = null!;
    private string _whole = "";

    public async ValueTask InitializeAsync() => _all = await Neighbourhood.StartAsync("alice", "bob");

    public ValueTask DisposeAsync()
    {
        _all.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task AConflictFileThatWentWithAllTheRestDecidesNothing()
    {
        for (int i = 0; i < 60; i++) _all.World.Write("alice", $"d/{i}", $"{i}");
        await _all.RunWellAsync("alice", "bob");
        _all.World.Write("alice", "x", "of alice");
        _all.World.Write("bob", "x", "of bob");
        await _all.RunAsync("alice", "bob");
        await _all.RunAsync("alice");
        File.Exists(_all.World.At("alice", "x.conflict-bob")).ShouldBeTrue();
        Directory.Delete(_all.World.At("alice", "d"), recursive: true);
        File.Delete(_all.World.At("alice", "x"));
        File.Delete(_all.World.At("alice", "x.conflict-bob"));
        (await _all.RunAsync("alice")).ShouldContain(problem => problem.Contains("vanished here at once", StringComparison.Ordinal));
        await _all.RunAsync("bob");
        File.ReadAllText(_all.World.At("bob", "x")).ShouldBe("of bob");
        File.ReadAllText(_all.World.At("bob", "x.conflict-alice")).ShouldBe("of alice");
    }

    [Theory]
    [InlineData("one is put back")]
    [InlineData("another one comes")]
    public async Task WhatIsHeldStaysHeldUntilAllIsBackOrItIsLetGo(string what)
    {
        await WriteAsync(30);
        DeleteAll("alice");
        (await _all.RunAsync("alice")).ShouldContain(problem => problem.Contains("vanished here at once", StringComparison.Ordinal));
        _all.World.Write("alice", what == "one is put back" ? "d/7" : "new", what == "one is put back" ? "7" : "another");
        (await _all.RunAsync("alice")).ShouldContain(problem => problem.Contains("31 of 31 entries vanished", StringComparison.Ordinal));
        await _all.RunWellAsync("bob");
        Directory.GetFiles(_all.World.At("bob", "d")).Length.ShouldBe(30);

        await _all.ConfirmAsync("alice");
        await _all.RunAsync("bob");
        await _all.RunWellAsync("alice");
        _all.World.Names("alice").ShouldBe(what == "one is put back" ? ["d", "d/7"] : ["new"]);
    }

    [Theory]
    [InlineData("the rules are being written")]
    [InlineData("a directory cannot be read")]
    public async Task ALookThatSawNothingLetsNothingGo(string why)
    {
        await WriteAsync(30);
        DeleteAll("alice");
        (await _all.RunAsync("alice")).ShouldContain(problem => problem.Contains("vanished here at once", StringComparison.Ordinal));
        for (int i = 0; i < 25; i++) _all.World.Write("alice", $"d/{i}", $"{i}");
        int writes = 0;
        _all.UseDisk("alice", disk => new ActingDisk(disk, (call, path) =>
        {
            if (why == "a directory cannot be read" && call == "List" && path.ToString() == "d") throw new DiskException(DiskFault.AccessDenied, path, "closed");
            if (why == "the rules are being written" && call == "Stat" && path.ToString() == ".magicignore") File.WriteAllText(_all.World.At("alice", ".magicignore"), $"# {writes++}");
        }));
        (await _all.RunAsync("alice")).ShouldContain(problem => problem.Contains("31 of 31 entries vanished", StringComparison.Ordinal));
        _all.UsePlainDisk("alice");
        (await _all.RunAsync("alice")).ShouldContain(problem => problem.Contains("31 of 31 entries vanished", StringComparison.Ordinal));
        await _all.RunWellAsync("bob");
        Directory.GetFiles(_all.World.At("bob", "d")).Length.ShouldBe(30);
        for (int i = 25; i < 30; i++) _all.World.Write("alice", $"d/{i}", $"{i}");
        await _all.RunWellAsync("alice");
    }

    [Fact]
    public async Task WhatOthersDeletedStaysHeldWhenSomeOfItIsSaved()
    {
        await WriteAsync(60);
        DeleteAll("bob");
        await _all.ConfirmAsync("bob");
        (await _all.RunAsync("alice")).ShouldContain(problem => problem.Contains("others deleted", StringComparison.Ordinal));
        for (int i = 0; i < 20; i++) File.Move(_all.World.At("alice", $"d/{i}"), _all.World.At("alice", $"saved {i}"));
        (await _all.RunAsync("alice")).ShouldContain(problem => problem.Contains("others deleted", StringComparison.Ordinal));
        Directory.GetFiles(_all.World.At("alice", "d")).Length.ShouldBe(40);
        await _all.ConfirmAsync("alice");
        Directory.Exists(_all.World.At("alice", "d")).ShouldBeFalse();
        _all.World.Read("alice", "saved 19").ShouldBe("19");
    }

    [Fact]
    public async Task RestoreBringsBackWhatVanishedHereAndIsHeld()
    {
        await WriteAsync(80);
        DeleteAll("alice");
        await _all.RunAsync("alice");
        var result = await RestoreAsync("alice");
        (result.Restored, result.Problems.Length).ShouldBe((81, 0));
        _all.World.Read("alice", "d/79").ShouldBe("79");
        await _all.RunWellAsync("alice", "bob");
        _all.ShouldShowTheSame("alice", "bob");
        (await RestoreAsync("alice")).Unchanged.ShouldBe(81);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RestoreAndUndoBringBackForEverybodyWhatOthersDeletedAndIsHeldHere(bool isUndo)
    {
        await WriteAsync(80);
        long before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 1;
        await Task.Delay(20, TestContext.Current.CancellationToken);
        DeleteAll("bob");
        await _all.ConfirmAsync("bob");
        await _all.RunAsync("alice");
        if (isUndo)
        {
            await using var session = await _all.OpenAsync(new EngineOptions(), "alice");
            var undone = await new ParticipantUndo(session, session.Participants[0]).UndoAsync(new UndoRequest("bob", before, Pretend: false), TestContext.Current.CancellationToken);
            (undone.Paths.Length, undone.Problems.Length).ShouldBe((81, 0));
        }
        else
        {
            var result = await RestoreAsync("alice");
            (result.Restored, result.Problems.Length).ShouldBe((81, 0));
        }
        await _all.RunWellAsync("alice", "bob");
        _all.World.Read("bob", "d/79").ShouldBe("79");
        _all.ShouldShowTheSame("alice", "bob");
    }

    private async Task WriteAsync(int files)
    {
        for (int i = 0; i < files; i++) _all.World.Write("alice", $"d/{i}", $"{i}");
        await _all.RunWellAsync("alice", "bob");
        using var view = _all.World.View("alice");
        await using var reader = await HistoryReader.OpenAsync(view, _all.World.Grid, TestContext.Current.CancellationToken);
        _whole = (await reader.ReadLogAsync(TestContext.Current.CancellationToken)).Snapshots[0].ShownVersion;
    }

    private void DeleteAll(string name) => Directory.Delete(_all.World.At(name, "d"), recursive: true);

    /// <summary>All as it was when everybody had it.</summary>
    private async Task<RestoreResult> RestoreAsync(string name)
    {
        await using var session = await _all.OpenAsync(new EngineOptions(), name);
        return await new InPlaceRestorer(session, session.Participants[0]).RestoreAsync(new RestoreRequest(RelativePath.Root, _whole, null), TestContext.Current.CancellationToken);
    }
}
