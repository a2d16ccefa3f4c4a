namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>Whatever the storage does to a Personal: others take nothing from it, and its participant writes it again where the storage lets it.</summary>
public sealed class HostileStorageHeadTests
{
    private static readonly string[] Bytes = ["a flipped bit", "half of it", "one byte less"];

    // What the storage only has to give up its own thing for, and what has to be taken away first.
    public static TheoryData<string> Writable => [.. ShareDamages.OfContainers.Where(kind => kind != "a directory"), .. Bytes, "a huge file"];

    public static TheoryData<string> Blocked => ["a directory", "another share"];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Writable))]
    public async Task AHeadThatIsDamagedIsAProblemOfOthersAndWrittenAgainByItsOwner(string damage)
    {
        using var storage = await HostileStorage.StartAsync();
        var before = await storage.Cast.HeadAsync("alice");
        storage.Damage(damage, storage.HeadOf("alice"));
        storage.World.Write("bob", "new-of-bob", "bob's");

        string[] troubles = await storage.RunAsync("bob");
        if (damage != "one byte less") troubles.ShouldHaveSingleItem().ShouldStartWith("bob: alice: ");
        storage.World.Names("bob").ShouldBe(["new-of-bob", "of-alice", "of-bob"]);

        // Nothing is new here: the very same version stands there again.
        storage.World.Delete("bob", "new-of-bob");
        await storage.RunAsync("bob");
        await storage.RunWellAsync("alice");
        (await storage.Cast.HeadAsync("alice")).Snapshot.ShouldBe(before.Snapshot);
        await storage.RunWellAsync("bob");
        (await storage.WorkAsync()).ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Writable))]
    public async Task AHeadThatIsDamagedBetweenTwoVersionsIsWrittenOver(string damage)
    {
        using var storage = await HostileStorage.StartAsync();
        await using (var session = await storage.OpenAsync("alice"))
        {
            await session.RunToRestAsync(TestContext.Current.CancellationToken);
            storage.Damage(damage, storage.HeadOf("alice"));
            storage.World.Write("alice", "new", "alice's");
            await session.RunToRestAsync(TestContext.Current.CancellationToken);
            Identity.Cast.Troubles(session).ShouldBeEmpty();
        }

        await storage.RunWellAsync("bob");
        storage.World.Read("bob", "new").ShouldBe("alice's");
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Blocked))]
    public async Task WhatCannotBeWrittenOverStopsItsOwnerAloneUntilItIsTakenAway(string damage)
    {
        using var storage = await HostileStorage.StartAsync();
        storage.Damage(damage, storage.HeadOf("alice"));
        storage.World.Write("alice", "new", "alice's");
        storage.World.Write("bob", "new-of-bob", "bob's");

        string[] troubles = await storage.RunAsync("alice", "bob");

        troubles.Length.ShouldBe(2);
        troubles[0].ShouldStartWith("alice: What alice has published is lost or damaged on the storage and cannot be written again");
        troubles[1].ShouldStartWith("bob: alice: ");
        (await storage.Cast.HeadAsync("bob")).Seq.ShouldBeGreaterThan(1);
        await storage.ShouldHealAsync();
        storage.World.Read("bob", "new").ShouldBe("alice's");
    }

    [Fact(Timeout = 120_000)]
    public async Task AWriteThatWasCutInTheMiddleIsWrittenAgainOverItsLeftovers()
    {
        using var storage = await HostileStorage.StartAsync();
        string head = storage.HeadOf("alice");
        byte[] before = storage.Keep(head);
        storage.World.Write("alice", "new", "alice's");
        await storage.RunWellAsync("alice");
        byte[] after = File.ReadAllBytes(head);
        HostileStorage.Show(head, [.. after[..(after.Length / 2)], .. before[Math.Min(before.Length, after.Length / 2)..]]);
        File.WriteAllBytes(head + ".new", after[..100]);

        await storage.RunWellAsync("alice", "bob");

        storage.World.Read("bob", "new").ShouldBe("alice's");
    }

    [Fact(Timeout = 120_000)]
    public async Task AStateThatKnowsNoHeadOfItsOwnWaitsForTheOneThatIsDamaged()
    {
        using var storage = await HostileStorage.StartAsync();
        File.Delete(Path.Combine(storage.World.StateDirectory, "participants", "alice.db"));
        storage.Damage("half of it", storage.HeadOf("alice"));
        byte[] damaged = File.ReadAllBytes(storage.HeadOf("alice"));
        storage.World.Write("bob", "of-alice", "by bob");

        string[] troubles = await storage.RunAsync("alice", "bob");

        troubles.Length.ShouldBe(2);
        troubles[0].ShouldStartWith("alice: What alice has published is lost or damaged on the storage, and this computer does not know what it was");
        File.ReadAllBytes(storage.HeadOf("alice")).ShouldBe(damaged);
        storage.World.Read("alice", "of-alice").ShouldBe("alice's");
        storage.Restore(storage.HeadOf("alice"));
        await storage.RunWellAsync("alice", "bob");
        await storage.RunWellAsync("alice", "bob");
        storage.World.Read("alice", "of-alice").ShouldBe("by bob");
        storage.World.Names("alice").ShouldBe(["of-alice", "of-bob"]);
    }
}
