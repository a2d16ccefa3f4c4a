using MagicFolder.Grid;
using MagicFolder.Sync.Checking;

namespace MagicFolder.Sync.Tests.Checking;

/// <summary>What is missing or damaged is told apart from what is lost, and made again where it can be.</summary>
public sealed class FolderCheckerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AllIsWell(bool isSpread)
    {
        using var stored = await StoredWorld.StartAsync(isSpread, "alice", "bob");
        await stored.StoreAsync("alice", "d/large");
        stored.World.Write("bob", "empty", "");
        stored.World.Write("bob", "small", "small");
        await stored.World.SyncAsync();

        var check = await stored.CheckAsync();

        check.IsHealthy.ShouldBeTrue();
        check.Participants.ShouldBe(2);
        check.Snapshots.ShouldBeGreaterThanOrEqualTo(3);
        check.Versions.ShouldBe(3);
        check.Objects.Select(one => (one.Kind, one.Participant)).Take(3).ShouldBe([(StoredKind.Collective, null), (StoredKind.Personal, "alice"), (StoredKind.Personal, "bob")]);
        check.Objects.Length.ShouldBe(3 + stored.Packs().Select(Path.GetDirectoryName).Select(Path.GetFileName).Distinct().Count());
        check.Objects.ShouldAllBe(one => one.Last.Shares.Length == (isSpread ? 5 : 1));
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("flipped")]
    public async Task AShareOfAPackIsMadeAgain(string damage)
    {
        using var stored = await StoredWorld.SpreadAsync("alice", "bob");
        string share = (await stored.StoreAsync("alice", "large"))[0];
        if (damage == "removed") File.Delete(share);
        else StoredWorld.Flip(share);

        var check = await stored.CheckAsync();
        var wrong = check.Objects.Where(one => !one.Last.IsHealthy).ShouldHaveSingleItem();
        wrong.Kind.ShouldBe(StoredKind.Pack);
        wrong.Last.Missing.ShouldHaveSingleItem().ToString().ShouldBe(Path.GetFileName(share));
        wrong.Last.Shares.Where(one => !one.IsSound).Select(one => one.Server).ShouldBe(damage == "removed" ? [] : [ServerOf(share)]);
        (check.IsReadable, check.IsHealthy).ShouldBe((true, false));

        await ShouldRepairAsync(stored);
    }

    [Fact]
    public async Task AWholeServerIsMadeAgain()
    {
        using var stored = await StoredWorld.SpreadAsync("alice", "bob");
        await stored.StoreAsync("alice", "large");
        stored.Lose("3");
        stored.Replace("3");

        var check = await stored.CheckAsync();
        check.Objects.ShouldAllBe(one => !one.Last.IsHealthy && one.Last.Missing.Length == 1);
        (check.IsReadable, check.IsHealthy).ShouldBe((true, false));

        var repaired = await ShouldRepairAsync(stored);
        repaired.Objects.ShouldAllBe(one => one.IsRepaired);
    }

    [Fact]
    public async Task WithTwoServersAwayAllIsMadeHealthyOnTheOthers()
    {
        using var stored = await StoredWorld.SpreadAsync("alice", "bob");
        await stored.StoreAsync("alice", "large");
        stored.Lose("0", "4");

        var check = await stored.CheckAsync();
        check.Objects.ShouldAllBe(one => !one.Last.IsHealthy && one.Last.IsRecoverable && one.Last.Failing.Length == 2);

        await ShouldRepairAsync(stored);
    }

    [Fact]
    public async Task WhatWasStoredWhileServersWereAwayOutlivesTheLossOfOthersAfterRepair()
    {
        using var stored = await StoredWorld.SpreadAsync("alice", "bob");
        stored.Lose("0", "4");
        await stored.StoreAsync("alice", "large");
        stored.Replace("0", "4");
        // Some were there before, with shares on all.
        (await stored.CheckAsync()).Objects.ShouldContain(one => one.Kind == StoredKind.Pack && one.Last.Happiness == 3);

        (await stored.CheckAsync(repair: true)).IsHealthy.ShouldBeTrue();

        var check = await stored.CheckAsync();
        check.Objects.ShouldAllBe(one => one.Last.Happiness == 5);
        stored.Lose("1", "2", "3");
        check = await stored.CheckAsync();
        check.IsReadable.ShouldBeTrue();
        check.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task MutableObjectsAreMadeAgainByWhoMayWriteThem()
    {
        using var stored = await StoredWorld.SpreadAsync("alice", "bob");
        stored.World.Write("alice", "file", "text");
        await stored.World.SyncAsync();
        File.Delete(stored.Collective()[0]);
        StoredWorld.Flip(stored.PersonalOf("alice")[1]);
        File.Delete(stored.PersonalOf("bob")[2]);

        var byAlice = await stored.CheckAsync("alice", repair: true, "alice");

        byAlice.Objects.Where(one => one.IsRepaired).Select(one => (one.Kind, one.Participant)).ShouldBe([(StoredKind.Collective, null), (StoredKind.Personal, "alice")]);
        byAlice.Objects.Where(one => !one.Last.IsHealthy).ShouldHaveSingleItem().Trouble.ShouldBe("only bob can repair it: run 'magic-folder check --repair' on the computer of bob");
        byAlice.IsReadable.ShouldBeTrue();
        (await stored.CheckAsync("bob", repair: true, "bob")).IsHealthy.ShouldBeTrue();
        await stored.World.SyncAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnUnreachableGridIsOneErrorAndNotALoss(bool isSpread)
    {
        using var stored = await StoredWorld.StartAsync(isSpread, "alice", "bob");
        await stored.StoreAsync("alice", "large");
        Directory.Move(stored.World.GridDirectory, stored.World.GridDirectory + ".away");

        (await Should.ThrowAsync<GridException>(() => stored.CheckAsync())).IsPermanent.ShouldBeFalse();

        Directory.Move(stored.World.GridDirectory + ".away", stored.World.GridDirectory);
        (await stored.CheckAsync()).IsHealthy.ShouldBeTrue();
    }

    [Fact]
    public async Task LookingChangesNothingAndWorksBesideASession()
    {
        using var stored = await StoredWorld.SingleAsync("alice", "bob");
        await stored.StoreAsync("alice", "large");
        string database = Path.Combine(stored.World.StateDirectory, "participants", "alice.db");
        byte[] before = await File.ReadAllBytesAsync(database, TestContext.Current.CancellationToken);
        (await stored.CheckAsync(repair: true)).IsHealthy.ShouldBeTrue();
        (await File.ReadAllBytesAsync(database, TestContext.Current.CancellationToken)).ShouldBe(before);

        await using var session = await stored.World.OpenAsync();
        (await stored.CheckAsync()).IsHealthy.ShouldBeTrue();
    }

    private static async Task<FolderCheck> ShouldRepairAsync(StoredWorld stored)
    {
        var repaired = await stored.CheckAsync(repair: true);
        repaired.IsHealthy.ShouldBeTrue();
        repaired.Objects.ShouldContain(one => one.IsRepaired);
        repaired.Objects.ShouldAllBe(one => one.Trouble == null);
        var again = await stored.CheckAsync("bob");
        again.IsHealthy.ShouldBeTrue();
        again.Objects.ShouldAllBe(one => one.Before.IsHealthy);
        return repaired;
    }

    private static string ServerOf(string share) => Path.GetFullPath(Path.Combine(share, "..", "..", "..", ".."));
}
