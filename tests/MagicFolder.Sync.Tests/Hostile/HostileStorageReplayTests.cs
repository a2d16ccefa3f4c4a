using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.History;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>The storage shows true things at the wrong time: older heads, one of two with the same number, an older list of participants, its own past.</summary>
public sealed class HostileStorageReplayTests
{
    [Fact(Timeout = 120_000)]
    public async Task AnOlderOwnHeadIsWrittenOverWhileTheParticipantRuns()
    {
        using var storage = await HostileStorage.StartAsync();
        byte[] older = storage.Keep(storage.HeadOf("alice"));
        await using (var session = await storage.OpenAsync("alice"))
        {
            storage.World.Write("alice", "one", "alice's");
            await session.RunToRestAsync(TestContext.Current.CancellationToken);
            HostileStorage.Show(storage.HeadOf("alice"), older);
            storage.World.Write("alice", "two", "alice's");
            await session.RunToRestAsync(TestContext.Current.CancellationToken);
            Identity.Cast.Troubles(session).ShouldBeEmpty();
        }

        await storage.RunWellAsync("bob");
        storage.World.Names("bob").ShouldBe(["of-alice", "of-bob", "one", "two"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task AnOlderOwnHeadIsWrittenOverByAParticipantThatOnlyLooks()
    {
        using var storage = await HostileStorage.StartAsync();
        byte[] older = storage.Keep(storage.HeadOf("alice"));
        await using (var session = await storage.OpenAsync("alice"))
        {
            storage.World.Write("alice", "one", "alice's");
            await session.RunToRestAsync(TestContext.Current.CancellationToken);
            HostileStorage.Show(storage.HeadOf("alice"), older);
            await session.RunToRestAsync(TestContext.Current.CancellationToken);
            Identity.Cast.Troubles(session).ShouldBeEmpty();
        }

        File.ReadAllBytes(storage.HeadOf("alice")).ShouldNotBe(older);
        await storage.RunWellAsync("bob");
        storage.World.Names("bob").ShouldBe(["of-alice", "of-bob", "one"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task AnOlderHeadOfAnotherIsRefusedUntilTheNewerOneIsBack()
    {
        using var storage = await HostileStorage.StartAsync();
        byte[] older = storage.Keep(storage.HeadOf("alice"));
        storage.World.Write("alice", "of-alice", "alice's");
        storage.World.Write("alice", "one", "alice's");
        await storage.RunWellAsync("alice", "bob");
        byte[] newer = storage.Keep(storage.HeadOf("alice"));
        HostileStorage.Show(storage.HeadOf("alice"), older);

        (await storage.RunAsync("bob")).ShouldHaveSingleItem().ShouldContain("it was rolled back");

        storage.World.Names("bob").ShouldBe(["of-alice", "of-bob", "one"]);
        HostileStorage.Show(storage.HeadOf("alice"), newer);
        await storage.ShouldHealAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task OfTwoSignedHeadsWithOneNumberEachReaderKeepsToTheOneItSaw()
    {
        using var storage = await HostileStorage.StartAsync();
        byte[] older = storage.Keep(storage.HeadOf("alice"));
        storage.World.Write("alice", "hidden", "alice's");
        await storage.RunWellAsync("alice");
        byte[] one = File.ReadAllBytes(storage.HeadOf("alice"));
        HostileStorage.Show(storage.HeadOf("alice"), older);
        storage.World.Write("alice", "second", "alice's");
        await storage.RunWellAsync("alice", "bob");
        byte[] other = storage.Keep(storage.HeadOf("alice"));
        SeqnumOf(one).ShouldBe(SeqnumOf(other));

        HostileStorage.Show(storage.HeadOf("alice"), one);
        (await storage.RunAsync("bob")).ShouldHaveSingleItem().ShouldStartWith("bob: alice: The storage shows version");
        storage.World.Names("bob").ShouldBe(["hidden", "of-alice", "of-bob", "second"]);

        await storage.RunWellAsync("alice");
        HostileStorage.Show(storage.HeadOf("alice"), File.ReadAllBytes(storage.HeadOf("alice")));
        await storage.RunWellAsync("bob");
        (await storage.WorkAsync()).ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("deleted")]
    [InlineData("half of it")]
    [InlineData("a flipped bit")]
    [InlineData("another share")]
    [InlineData("a pipe")]
    [InlineData("a directory")]
    public async Task WithoutItsListOfParticipantsTheFolderGoesOnWithTheOneItKnows(string damage)
    {
        using var storage = await HostileStorage.StartAsync();
        storage.AreAdmins = false;
        storage.Damage(damage, storage.Collective);

        string[] troubles = await storage.WorkAsync();

        troubles.Length.ShouldBe(2);
        foreach (string who in new[] { "alice", "bob" }) troubles.ShouldContain(line => line.StartsWith($"{who}: the list of participants: ", StringComparison.Ordinal));
        await storage.ShouldHealAsync();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("deleted")]
    [InlineData("half of it")]
    [InlineData("a flipped bit")]
    public async Task AListOfParticipantsThatIsLostIsWrittenAgainByItsAdmin(string damage)
    {
        using var storage = await HostileStorage.StartAsync();
        long seqnum = SeqnumOf(storage.Keep(storage.Collective));
        storage.Damage(damage, storage.Collective);

        await storage.RunWellAsync("alice");

        SeqnumOf(File.ReadAllBytes(storage.Collective)).ShouldBe(seqnum);
        storage.AreAdmins = false;
        (await storage.WorkAsync()).ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("deleted")]
    [InlineData("a flipped bit")]
    public async Task WithoutItsListOfParticipantsTheHistoryIsReadByTheOneSeenLast(string damage)
    {
        using var storage = await HostileStorage.StartAsync();
        storage.Damage(damage, storage.Collective);

        using (var view = storage.World.View("alice"))
        {
            await using var reader = await HistoryReader.OpenAsync(view, storage.World.Grid, TestContext.Current.CancellationToken);
            var log = await reader.ReadLogAsync(TestContext.Current.CancellationToken);
            log.Problems.ShouldHaveSingleItem().Path.ShouldBe("the list of participants");
            log.Snapshots.Select(snapshot => snapshot.Participant).Distinct().Order().ShouldBe(["alice", "bob"]);
        }
        FolderFounding.WereListed(storage.World.Folder, storage.World.StateDirectory).ShouldBeTrue();
        File.Delete(FolderConfiguration.DatabaseFile(storage.World.StateDirectory, "bob"));
        FolderFounding.WereListed(storage.World.Folder, storage.World.StateDirectory).ShouldBeFalse();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnOlderListOfParticipantsBringsNobodyBackWhoWasRemovedAndTheAdminWritesItOver(bool isAdmin)
    {
        using var storage = await HostileStorage.StartAsync();
        storage.AreAdmins = isAdmin;
        byte[] older = storage.Keep(storage.Collective);
        await RemoveBobAsync(storage);
        await storage.RunWellAsync("alice");
        byte[] newer = File.ReadAllBytes(storage.Collective);
        HostileStorage.Show(storage.Collective, older);
        storage.World.Write("bob", "after", "bob's, removed");
        await storage.RunAsync("bob");

        string[] troubles = await storage.RunAsync("alice");

        storage.World.Names("alice").ShouldBe(["of-alice", "of-bob"]);
        if (isAdmin) troubles.ShouldBeEmpty();
        else troubles.ShouldHaveSingleItem().ShouldStartWith("alice: the list of participants: the storage shows version");
        SeqnumOf(File.ReadAllBytes(storage.Collective)).ShouldBe(SeqnumOf(isAdmin ? newer : older));
        if (isAdmin) (await storage.RunAsync("bob")).ShouldHaveSingleItem().ShouldStartWith("bob: bob was removed");
    }

    [Fact(Timeout = 120_000)]
    public async Task ANewStateWithoutAListOfParticipantsStopsUntilItIsBack()
    {
        using var storage = await HostileStorage.StartAsync();
        storage.AreAdmins = false;
        File.Delete(Path.Combine(storage.World.StateDirectory, "participants", "alice.db"));
        storage.Damage("half of it", storage.Collective);

        string[] troubles = await storage.RunAsync("alice", "bob");

        troubles.Length.ShouldBe(2);
        troubles[0].ShouldStartWith("alice: The container of share 0 of ");
        troubles[1].ShouldStartWith("bob: the list of participants: ");
        await storage.ShouldHealAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task AStorageThatLostEverythingForGoodIsFilledAgain()
    {
        using var storage = await HostileStorage.StartAsync();
        await storage.StoreAsync("alice", "large", 200_000);
        await storage.RunWellAsync("bob");
        storage.Empty();

        await storage.RunAsync("alice", "bob");
        string[] troubles = await storage.WorkAsync();

        troubles.ShouldBeEmpty();
        storage.World.Names("alice").ShouldBe(storage.World.Names("bob"));
        storage.World.Names("alice").ShouldContain("large");
        storage.World.Names("alice").Count.ShouldBe(5);
    }

    /// <summary>Where SDMF has it, behind container header and version byte.</summary>
    private static long SeqnumOf(byte[] share) => System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(share.AsSpan(468 + 1));

    private static async Task RemoveBobAsync(HostileStorage storage)
    {
        var cancel = TestContext.Current.CancellationToken;
        var cap = storage.World.Folder.Collective.WriteCap!;
        var version = await storage.Grid.ReadMutableAsync(cap.ToReadCap(), cancel);
        var collective = Collective.Decode(version.Content);
        var without = collective.With([.. collective.Participants.Select(p => p.Petname == "bob" ? new Participant(p.Petname, p.Role, p.Personal, p.PublicKey, isRemoved: true) : p)]);
        await storage.Grid.PublishMutableAsync(cap, version.Seqnum, without.Encode(), cancel);
    }
}
