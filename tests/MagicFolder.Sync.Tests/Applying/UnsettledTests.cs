using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Explaining;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Scanning;
using MagicFolder.Sync.Tests.Guarding;
using MagicFolder.Sync.Tests.KnownPains;
using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Sync.Tests.Applying;

/// <summary>Bob's process ends between a swap and its commit, and when it starts again a directory is dead.</summary>
public sealed class UnsettledTests : IAsyncLifetime
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private readonly SettableTime _time = new() { Now = DateTimeOffset.UtcNow.AddMinutes(1) };
    private Neighbourhood _all = null!;
    private DeadPlaceDisk _disk = null!;
    private FolderSession? _session;
    private RelativePath? _dead;
    private bool _onlyFlushing;
    private Func<string, RelativePath, bool> _endsBefore = (_, _) => false;

    private SessionParticipant Bob => _session!.Participants[0];

    private string[] Problems => [.. Bob.State!.Problems.All().Select(problem => problem.Path).Distinct()];

    public async ValueTask InitializeAsync()
    {
        _all = await Neighbourhood.StartAsync("alice", "bob");
        for (int i = 0; i < 3; i++) _all.World.Write("alice", $"d/{i}", $"content {i}");
        _all.World.Write("alice", "e/f", "elsewhere");
        await _all.RunWellAsync("alice", "bob");
        _all.UseDisk("bob", disk => new ActingDisk(_disk = new DeadPlaceDisk(disk) { Dead = _dead, OnlyFlushing = _onlyFlushing }, (call, path) =>
        {
            if (_endsBefore(call, path)) throw new OperationCanceledException("The process ends.");
        }));
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is not null) await _session.DisposeAsync();
        _all.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatACrashLeftInADeadDirectoryWaitsAloneUntilThatCanBeEnteredAgain(bool onlyFlushing)
    {
        _all.World.Write("alice", "d/0", "second");
        _all.World.Write("alice", "e/f", "second");
        _all.World.Delete("alice", "d/1");
        await _all.RunWellAsync("alice");
        await EndAsync(AfterMoves(3));
        (_dead, _onlyFlushing) = (At("d"), onlyFlushing);
        _all.World.Write("alice", "e/g", "third");
        await _all.RunWellAsync("alice");

        (await _all.RunAsync("bob")).Select(PathOf).Distinct().ShouldBe(["d"]);
        _all.World.Read("bob", "e/f").ShouldBe("second");
        _all.World.Read("bob", "e/g").ShouldBe("third");
        _all.World.Write("bob", "e/h", "of bob");
        await _all.RunAsync("bob", "alice");
        _all.World.Read("alice", "e/h").ShouldBe("of bob");

        _dead = null;
        await _all.RunWellAsync("bob", "alice");
        _all.ShouldShowTheSame("alice", "bob");
        _all.Contents("bob").ShouldBe(["content 2", "of bob", "second", "second", "third"]);
        Staged().ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatElseIsDoneInADirectoryThatCannotBeFlushedWaitsAndHoldsUpNothing()
    {
        _all.World.Write("alice", "d/0", "second");
        await _all.RunWellAsync("alice");
        await EndAsync(AfterMoves(1));
        (_dead, _onlyFlushing) = (At("d"), true);
        _all.World.Write("alice", "d/1", "by alice");
        await _all.RunWellAsync("alice");
        _all.World.Write("bob", "d/2", "by bob");
        _all.World.Write("bob", "e/h", "of bob");

        (await _all.RunAsync("bob")).Select(PathOf).Distinct().ShouldBe(["d"]);
        await _all.RunWellAsync("alice");
        _all.World.Read("alice", "e/h").ShouldBe("of bob");
        _all.World.Read("alice", "d/2").ShouldBe("content 2");
        _all.World.Read("bob", "d/1").ShouldBe("content 1");

        _dead = null;
        await _all.RunWellAsync("bob", "alice");
        _all.ShouldShowTheSame("alice", "bob");
        _all.Contents("bob").ShouldBe(["by alice", "by bob", "elsewhere", "of bob", "second"]);
    }

    [Theory]
    [InlineData("d")]
    [InlineData("e")]
    public async Task BothHalvesOfAMoveWaitWithWhatIsOnTheStage(string dead)
    {
        File.Move(_all.World.At("alice", "d/1"), _all.World.At("alice", "e/1"));
        await _all.RunWellAsync("alice");
        await EndAsync(AfterMoves(1));
        Staged().Length.ShouldBe(1, "it was taken, and not yet put");
        _dead = At(dead);

        (await _all.RunAsync("bob")).Select(PathOf).Distinct().ShouldBe(dead == "d" ? ["d", "e/1"] : ["d/1", "e"]);
        Staged().Length.ShouldBe(1);
        WhyAtBob("d/1").ShouldContain(line => line.Contains("is not finished; what stands there counts once it is", StringComparison.Ordinal));
        WhyAtBob("d/1").ShouldNotContain(line => line.Contains("deletion", StringComparison.Ordinal));
        await _all.RunWellAsync("alice");
        _all.Contents("alice").ShouldBe(["content 0", "content 1", "content 2", "elsewhere"]);

        _dead = null;
        await _all.RunWellAsync("bob", "alice");
        _all.ShouldShowTheSame("alice", "bob");
        _all.World.Read("bob", "e/1").ShouldBe("content 1");
        Staged().ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatAUserDoesThereMeanwhileIsDoneToWhatWasPutThere()
    {
        _all.World.Write("alice", "d/0", "by alice");
        _all.World.Delete("alice", "d/1");
        await _all.RunWellAsync("alice");
        await EndAsync(AfterMoves(2));
        (_dead, _onlyFlushing) = (At("d"), true);
        await _all.RunAsync("bob");
        _all.World.Write("bob", "d/0", "by alice and bob");
        await _all.RunAsync("bob");
        await _all.RunWellAsync("alice");
        _all.World.Read("alice", "d/0").ShouldBe("by alice");

        _dead = null;
        await _all.RunWellAsync("bob", "alice");
        _all.ShouldShowTheSame("alice", "bob");
        _all.Contents("alice").ShouldBe(["by alice and bob", "content 2", "elsewhere"]);
    }

    [Fact]
    public async Task AnotherVersionWaitsForWhatIsNotSettled()
    {
        _all.World.Write("alice", "d/0", "second");
        await _all.RunWellAsync("alice");
        await EndAsync(AfterMoves(1));
        (_dead, _onlyFlushing) = (At("d"), true);
        _all.World.Write("alice", "d/0", "third");
        await _all.RunWellAsync("alice");
        await _all.RunAsync("bob");
        _all.World.Read("bob", "d/0").ShouldBe("second");

        _dead = null;
        await _all.RunWellAsync("bob", "alice");
        _all.World.Read("bob", "d/0").ShouldBe("third");
        _all.ShouldShowTheSame("alice", "bob");
    }

    [Fact]
    public async Task ADirectoryThatWasMovedWaitsLikewiseAndTakesWhatOthersChangedInItMeanwhile()
    {
        Directory.CreateDirectory(_all.World.At("alice", "e/sub"));
        await _all.RunWellAsync("alice", "bob");
        Directory.Move(_all.World.At("alice", "d"), _all.World.At("alice", "e/sub/d"));
        await _all.RunWellAsync("alice");
        bool isMoved = false;
        await EndAsync((call, path) =>
        {
            isMoved |= call == "Move" && path == At("d");
            return isMoved && call == "Flush";
        });
        Directory.Exists(_all.World.At("bob", "e/sub/d")).ShouldBeTrue();
        _dead = At("e/sub");
        _all.World.Write("alice", "e/sub/d/0", "second");
        _all.World.Delete("alice", "e/sub/d/1");
        _all.World.Write("alice", "e/f", "second");
        await _all.RunWellAsync("alice");
        await _all.RunAsync("bob");
        _all.World.Read("bob", "e/f").ShouldBe("second");
        await _all.RunWellAsync("alice");
        _all.Contents("alice").ShouldBe(["content 2", "second", "second"]);

        _dead = null;
        await _all.RunWellAsync("bob", "alice");
        _all.ShouldShowTheSame("alice", "bob");
        _all.Contents("bob").ShouldBe(["content 2", "second", "second"]);
    }

    [Fact]
    public async Task ItIsTriedEverMoreRarelyAndWhenSomethingChangesThere()
    {
        _all.World.Write("alice", "d/0", "second");
        await _all.RunWellAsync("alice");
        await EndAsync(AfterMoves(1));
        _dead = At("d");
        await OpenAsync();
        int tries = 0;
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(20); passed += Poll)
        {
            tries += await RefusalsAsync(ScanScope.Nothing) > 0 ? 1 : 0;
            Problems.ShouldBe(["d"]);
        }
        tries.ShouldBeInRange(9, 11);
        (await RefusalsAsync(ScanScope.Of([At("e")]))).ShouldBe(0);

        _disk.Dead = null;
        await RefusalsAsync(ScanScope.Of([At("d")]));
        Problems.ShouldBeEmpty();
        Bob.State!.Intents.All().ShouldBeEmpty();
        Bob.State!.Pending.Any().ShouldBeFalse();
    }

    [Fact]
    public async Task WhatAUserDidThereMeanwhileIsFoundAsSoonAsItIsSettled()
    {
        _all.World.Write("alice", "d/0", "by alice");
        await _all.RunWellAsync("alice");
        await EndAsync(AfterMoves(1));
        (_dead, _onlyFlushing) = (At("d"), true);
        await OpenAsync();
        await RefusalsAsync(ScanScope.Everything);
        _all.World.Write("bob", "d/0", "by alice and bob");
        _disk.Dead = null;
        _time.Pass(TimeSpan.FromMinutes(4));
        await RefusalsAsync(ScanScope.Nothing);
        await _all.RunWellAsync("alice");
        _all.World.Read("alice", "d/0").ShouldBe("by alice and bob");
    }

    [Fact]
    public async Task NothingIsTakenFromThere()
    {
        _all.World.Write("alice", "d/0", "second");
        await _all.RunWellAsync("alice");
        await EndAsync((call, _) => call == "Move");
        (_dead, _onlyFlushing) = (At("d"), true);
        File.Move(_all.World.At("alice", "d/0"), _all.World.At("alice", "e/0"));
        _all.World.Write("alice", "e/0", "content 0");
        await _all.RunWellAsync("alice");
        (await _all.RunAsync("bob")).Select(PathOf).ShouldBe(["d"]);
        _all.World.Read("bob", "e/0").ShouldBe("content 0");
        _all.World.Read("bob", "d/0").ShouldBe("content 0");

        _dead = null;
        await _all.RunWellAsync("bob", "alice");
        _all.ShouldShowTheSame("alice", "bob");
    }

    [Fact]
    public async Task ADirectoryInWhichSomethingIsNotSettledIsNotMovedAsAWhole()
    {
        _all.World.Write("alice", "d/3", "content 3");
        await _all.RunWellAsync("alice");
        await EndAsync((call, _) => call == "Move");
        (_dead, _onlyFlushing) = (At("d"), true);
        Directory.Move(_all.World.At("alice", "d"), _all.World.At("alice", "g"));
        await _all.RunWellAsync("alice");
        await _all.RunAsync("bob");
        Directory.Exists(_all.World.At("bob", "d")).ShouldBeTrue();

        _dead = null;
        await _all.RunWellAsync("bob", "alice");
        _all.ShouldShowTheSame("alice", "bob");
    }

    private IReadOnlyList<string> WhyAtBob(string path)
    {
        using var view = FolderView.Open(_all.World.Folder, _all.World.StateDirectory, _all.World.Participant("bob"));
        return new StoryTeller(ms => $"{ms}", size => $"{size}").Tell(PathExplainer.Explain(view, At(path), log: null));
    }

    private async Task OpenAsync()
    {
        var environment = new SessionEnvironment(_all.Grid, _time, EmbeddedWorld.Random, new EngineOptions { Background = false }) { OpenDisk = _all.OpenDisk };
        _session = await FolderSession.OpenAsync(
            _all.World.Folder with { Participants = [_all.World.Participant("bob")] }, _all.World.StateDirectory, environment, TestContext.Current.CancellationToken);
    }

    /// <summary>A round, and how often something was asked of the dead directory.</summary>
    private async Task<int> RefusalsAsync(ScanScope scope)
    {
        _time.Pass(Poll);
        int before = _disk.Refusals;
        await Bob.Engine!.RunRoundAsync(scope, TestContext.Current.CancellationToken);
        return _disk.Refusals - before;
    }

    /// <summary>Bob begins to apply, and his process ends.</summary>
    private async Task EndAsync(Func<string, RelativePath, bool> before)
    {
        _endsBefore = before;
        await Should.ThrowAsync<OperationCanceledException>(() => _all.RunAsync("bob"));
        _endsBefore = (_, _) => false;
    }

    /// <summary>Before the first call after so many swaps.</summary>
    private static Func<string, RelativePath, bool> AfterMoves(int count)
    {
        int moves = 0;
        return (call, _) =>
        {
            if (moves == count) return true;
            if (call == "Move") moves++;
            return false;
        };
    }

    private static RelativePath At(string path) => RelativePath.Parse(path);

    /// <summary>A trouble is "who: path: what".</summary>
    private static string PathOf(string trouble) => trouble.Split(": ")[1];

    private string[] Staged() => Directory.GetFileSystemEntries(_all.World.At("bob", ".magic-folder/staging"));
}
