using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Scanning;
using MagicFolder.Sync.Tests.Guarding;
using MagicFolder.Sync.Tests.KnownPains;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Applying;

/// <summary>Bob's disk refuses what is to be put in place, until it does not.</summary>
public sealed class FailedTriesTests : IAsyncLifetime
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private readonly SettableTime _time = new() { Now = DateTimeOffset.UtcNow };
    private Neighbourhood _all = null!;
    private FolderSession _session = null!;
    private int _refusals;
    private int _staged;
    private bool _keepsDirectories;

    private ParticipantEngine Bob => _session.Participants[0].Engine!;

    private string[] Problems => [.. _session.Participants[0].State!.Problems.All().Select(problem => problem.Path)];

    public async ValueTask InitializeAsync()
    {
        _all = await Neighbourhood.StartAsync("alice", "bob");
        _all.World.Write("alice", "d/big", "one");
        await _all.RunWellAsync("alice");
        var environment = new SessionEnvironment(_all.Grid, _time, EmbeddedWorld.Random, new EngineOptions { Background = false }) { OpenDisk = Open };
        _session = await FolderSession.OpenAsync(
            _all.World.Folder with { Participants = [_all.World.Participant("bob")] }, _all.World.StateDirectory, environment, TestContext.Current.CancellationToken);
        _refusals = int.MaxValue;
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        _all.Dispose();
    }

    [Fact]
    public async Task WhatFailsIsTriedEverMoreRarelyAndToldAllTheTime()
    {
        await TriesAsync(ScanScope.Everything);
        int tries = 0;
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(20); passed += Poll)
        {
            tries += await TriesAsync(ScanScope.Nothing) > 0 ? 1 : 0;
            Problems.ShouldBe(["d/big"]);
        }
        // After 2, 4, 8, 16, 32, 64 and 128 s, then every 4 minutes.
        tries.ShouldBe(10);

        _refusals = 0;
        _time.Pass(TimeSpan.FromMinutes(4));
        await TriesAsync(ScanScope.Nothing);
        _all.World.Read("bob", "d/big").ShouldBe("one");
        Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("d/big")]
    [InlineData("d")]
    public async Task AChangeThereOrAboveIsATry(string changed)
    {
        await FailAsync();
        (await TriesAsync(Of(changed))).ShouldBe(1);
        (await TriesAsync(Of(changed))).ShouldBe(1);
    }

    [Fact]
    public async Task AChangeElsewhereIsNone()
    {
        await FailAsync();
        (await TriesAsync(Of("e"))).ShouldBe(0);
        (await TriesAsync(Of("d/big/or so"))).ShouldBe(0);
    }

    [Fact]
    public async Task ALookAtEverythingIsATryAndBeginsNothingAnew()
    {
        await FailAsync();
        (await TriesAsync(ScanScope.Everything)).ShouldBe(1);
        (await TriesAsync(ScanScope.Nothing)).ShouldBe(0);
        (await TriesAsync(ScanScope.Nothing)).ShouldBe(0);
    }

    [Fact]
    public async Task AnotherVersionIsATry()
    {
        await FailAsync();
        _all.World.Write("alice", "d/big", "another");
        await _all.RunWellAsync("alice");
        (await TriesAsync(ScanScope.Nothing)).ShouldBe(1);
        _refusals = 0;
        await TriesAsync(ScanScope.Nothing);
        _all.World.Read("bob", "d/big").ShouldBe("another");
    }

    [Fact]
    public async Task WhoComesToRestHasTriedOnceMore()
    {
        // As often as in the first round, in which a directory comes before the file.
        _refusals = 2;
        await _session.RunToRestAsync(TestContext.Current.CancellationToken);
        _all.World.Read("bob", "d/big").ShouldBe("one");
        Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatCannotBeTakenAwayWaitsAsWell()
    {
        _refusals = 0;
        await TriesAsync(ScanScope.Everything);
        _all.World.Delete("alice", "d/big");
        await _all.RunWellAsync("alice");
        _refusals = int.MaxValue;
        await FailAsync();
        int left = _refusals;
        await TriesAsync(ScanScope.Nothing);
        _refusals.ShouldBe(left);
        Problems.ShouldBe(["d/big"]);

        _refusals = 0;
        await TriesAsync(ScanScope.Everything);
        _all.World.Names("bob").ShouldBe(["d"]);
    }

    [Fact]
    public async Task ADirectoryThatCannotBeRemovedIsToldAllTheTime()
    {
        _refusals = 0;
        await TriesAsync(ScanScope.Everything);
        Directory.Delete(_all.World.At("alice", "d"), recursive: true);
        await _all.RunWellAsync("alice");
        _keepsDirectories = true;
        for (int i = 0; i < 3; i++)
        {
            await TriesAsync(ScanScope.Nothing);
            Problems.ShouldBe(["d"]);
        }
        _keepsDirectories = false;
        await TriesAsync(ScanScope.Nothing);
        _all.World.Names("bob").ShouldBeEmpty();
        Problems.ShouldBeEmpty();
    }

    /// <summary>Until it waits for more than a poll.</summary>
    private async Task FailAsync()
    {
        for (int i = 0; i < 3; i++) await TriesAsync(ScanScope.Everything);
    }

    /// <summary>A round, and how often something was staged in it.</summary>
    private async Task<int> TriesAsync(ScanScope scope)
    {
        _time.Pass(Poll);
        int before = _staged;
        await Bob.RunRoundAsync(scope, TestContext.Current.CancellationToken);
        return _staged - before;
    }

    private static ScanScope Of(string path) => ScanScope.Of([RelativePath.Parse(path)]);

    private IDisk Open(string directory) => new ActingDisk(LocalDisk.Open(directory), (call, path) =>
    {
        if (call == nameof(ActingDisk.CreateFile)) _staged++;
        if (call == nameof(ActingDisk.RemoveDirectory) && _keepsDirectories) throw new DiskException(DiskFault.AccessDenied, path, "It is not to be.");
        if (call == nameof(ActingDisk.Move) && _refusals > 0 && _refusals-- > 0) throw new DiskException(DiskFault.AccessDenied, path, "It is not to be.");
    });
}
