using System.Security.Cryptography;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Reporting;
using MagicFolder.Sync.Scanning;
using MagicFolder.Sync.Tests.Guarding;
using MagicFolder.Sync.Tests.KnownPains;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Capturing;

/// <summary>A program writes to a file of alice, whenever anybody reads it.</summary>
public sealed class ChangingFilesTests : IAsyncLifetime
{
    private const int Large = 24 << 20;
    private const int ReadAtOnce = 1 << 20;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);
    private static readonly RelativePath Image = RelativePath.Parse("image");

    private readonly SettableTime _time = new() { Now = DateTimeOffset.UtcNow.AddMinutes(1) };
    private Neighbourhood _all = null!;
    private FolderSession _session = null!;
    private Action _beforeReading = () => { };
    private bool _writes = true;
    private TimeSpan _perRead;
    private int _reads;
    private byte _written;

    private SessionParticipant Alice => _session.Participants[0];

    private string ImageFile => _all.World.At("alice", "image");

    private string[] Problems => [.. Alice.State!.Problems.All().Select(problem => problem.Path)];

    public async ValueTask InitializeAsync()
    {
        _all = await Neighbourhood.StartAsync("alice", "bob");
        var environment = new SessionEnvironment(_all.Grid, _time, EmbeddedWorld.Random, new EngineOptions { Background = false }) { OpenDisk = Open };
        _session = await FolderSession.OpenAsync(
            _all.World.Folder with { Participants = [_all.World.Participant("alice")] }, _all.World.StateDirectory, environment, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        _all.Dispose();
    }

    [Fact]
    public async Task AFileThatIsWrittenAllTheTimeIsReadEverMoreRarelyAndReportedAllTheTime()
    {
        _all.World.Write("alice", "image", "first");
        int readings = 0;
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(20); passed += Poll)
        {
            Write();
            readings += await ReadsAsync(ScanScope.Of([Image])) > 0 ? 1 : 0;
            Problems.ShouldBe(["image"]);
        }
        // In the first seven rounds, after 4, 8, 14, 26, 52, 104 and 206 s, then every 4 minutes.
        readings.ShouldBe(17);
        // A look at everything, which comes by every few minutes, changes nothing about that.
        Write();
        (await ReadsAsync(ScanScope.Everything)).ShouldBe(0);
    }

    [Fact]
    public async Task TheLongerItIsReadTheLongerItWaits()
    {
        Fill(Large);
        // It changes at the very end.
        _writes = false;
        _perRead = TimeSpan.FromSeconds(10);
        await ReadsAsync(ScanScope.Of([Image]), beforeReading: () => _writes = _reads % (Large / ReadAtOnce) == 0);
        var atLeast = TimeSpan.FromSeconds(10 * (Large / ReadAtOnce));
        _perRead = TimeSpan.Zero;
        _time.Pass((8 * atLeast) - (2 * Poll));
        Write();
        (await ReadsAsync(ScanScope.Of([Image]))).ShouldBe(0);
        // It may have been read on for a moment.
        _time.Pass(4 * atLeast);
        Write();
        (await ReadsAsync(ScanScope.Of([Image]))).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task SoonAfterItHoldsStillItIsThere()
    {
        await ChangeOftenAsync();
        _writes = false;
        // What it is to hold still for is an eighth of the 4 minutes that it waits for.
        int rounds = 0;
        while (Problems.Length > 0 && rounds < 100)
        {
            await RoundAsync(ScanScope.Of([Image]));
            rounds++;
        }
        rounds.ShouldBe(16);
        await _all.RunWellAsync("bob");
        _all.World.Read("bob", "image").ShouldBe(_all.World.Read("alice", "image"));
    }

    [Fact]
    public async Task WhatAProgramSavesTwiceInARowIsHardlyWaitedFor()
    {
        _all.World.Write("alice", "image", "first");
        await RoundAsync(ScanScope.Of([Image]));
        Problems.ShouldBe(["image"]);
        _writes = false;
        await RoundAsync(ScanScope.Of([Image]), after: TimeSpan.FromMilliseconds(50));
        Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task HintsAtItWakeNobodyWhileItWaits()
    {
        await ChangeOftenAsync();
        Alice.Engine!.MayLookAt(Image).ShouldBeFalse();
        Alice.Engine.MayLookAt(RelativePath.Parse("other")).ShouldBeTrue();
        _time.Pass(TimeSpan.FromMinutes(4));
        Alice.Engine.MayLookAt(Image).ShouldBeTrue();
    }

    [Fact]
    public async Task ItIsLeftAloneAsSoonAsItIsSeenToChange()
    {
        Fill(Large);
        (await ReadsAsync(ScanScope.Everything)).ShouldBeLessThan(8);
        Problems.ShouldBe(["image"]);
    }

    [Fact]
    public async Task NothingOfItIsStoredUntilItWasReadWellOnce()
    {
        Fill(Large);
        await RoundAsync(ScanScope.Everything);
        long stored = Stored();
        for (int i = 0; i < 4; i++)
        {
            Fill(Large);
            _time.Pass(TimeSpan.FromMinutes(5));
            (await ReadsAsync(ScanScope.Of([Image]))).ShouldBeGreaterThan(0);
        }
        Stored().ShouldBeLessThan(stored + (1 << 20));

        _writes = false;
        _time.Pass(TimeSpan.FromMinutes(5));
        await RoundAsync(ScanScope.Of([Image]));
        Problems.ShouldBeEmpty();
        Stored().ShouldBeGreaterThan(stored + (Large / 2));
    }

    [Fact]
    public async Task NothingOfASmallOneIsStoredEither()
    {
        long stored = Stored();
        Fill(100_000);
        await RoundAsync(ScanScope.Everything);
        Stored().ShouldBeLessThan(stored + 50_000);
    }

    [Fact]
    public async Task WhoComesToRestHasReadItOnceMore()
    {
        _all.World.Write("alice", "image", "first");
        _all.World.Write("alice", "other", "makes this run do something");
        _beforeReading = () => _writes = _reads <= 1;
        await _session.RunToRestAsync(TestContext.Current.CancellationToken);
        Problems.ShouldBeEmpty();
        _reads.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task WhoComesToRestDoesNotSayThatAllIsWell()
    {
        _all.World.Write("alice", "image", "first");
        _all.World.Write("alice", "other", "makes this run do something");
        await _session.RunToRestAsync(TestContext.Current.CancellationToken);
        Problems.ShouldBe(["image"]);
    }

    [Fact]
    public async Task WhatIsNotThereAnyMoreIsNotReported()
    {
        _all.World.Write("alice", "image", "first");
        await RoundAsync(ScanScope.Everything);
        _all.World.Delete("alice", "image");
        await RoundAsync(ScanScope.Of([Image]));
        Problems.ShouldBeEmpty();
    }

    /// <summary>Until it waits for as long as it ever does.</summary>
    private async Task ChangeOftenAsync()
    {
        _all.World.Write("alice", "image", "first");
        for (int i = 0; i < 15; i++)
        {
            _time.Pass(TimeSpan.FromMinutes(4));
            Write();
            (await ReadsAsync(ScanScope.Of([Image]))).ShouldBeGreaterThan(0);
        }
    }

    private async Task<RoundReport> RoundAsync(ScanScope scope, TimeSpan? after = null)
    {
        _time.Pass(after ?? Poll);
        return await Alice.Engine!.RunRoundAsync(scope, TestContext.Current.CancellationToken);
    }

    /// <summary>A round, and how often it read of the file.</summary>
    private async Task<int> ReadsAsync(ScanScope scope, Action? beforeReading = null)
    {
        _beforeReading = beforeReading ?? (() => { });
        int before = _reads;
        var report = await RoundAsync(scope);
        if (Problems.Length > 0) report.LookAgain.ShouldBe([Image]);
        return _reads - before;
    }

    private void Fill(int length) => File.WriteAllBytes(ImageFile, RandomNumberGenerator.GetBytes(length));

    /// <summary>In its midst, so that it has no other size.</summary>
    private void Write()
    {
        using var file = new FileStream(ImageFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = file.Length / 2;
        file.WriteByte(++_written);
        file.Flush();
        File.SetLastWriteTimeUtc(ImageFile, DateTime.UnixEpoch.AddSeconds(_written));
    }

    private long Stored() => new DirectoryInfo(_all.World.GridDirectory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private IDisk Open(string directory) => new ActingDisk(LocalDisk.Open(directory), (call, path) =>
    {
        if (call != nameof(IDiskFile.Read) || path != Image) return;
        _reads++;
        _time.Pass(_perRead);
        _beforeReading();
        if (_writes) Write();
    });
}
