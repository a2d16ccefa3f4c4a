namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>Whatever the storage does to a pack costs what is in it, until the true bytes are back: never more, and never a wrong byte.</summary>
public sealed class HostileStoragePackTests
{
    private const int Size = 200_000;

    public static TheoryData<string> Damages => [.. ShareDamages.OfContainers, .. ShareDamages.OfBytes, "leases without number", "one lease more"];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Damages))]
    public async Task APackOfContentsSpoilsOnlyItsFileUntilItIsBack(string damage)
    {
        using var storage = await HostileStorage.StartAsync();
        string pack = await storage.StoreAsync("alice", "victim", Size);
        storage.Damage(damage, pack);
        long before = GC.GetTotalAllocatedBytes();

        string[] troubles = await storage.WorkAsync();

        troubles.Count(line => line.StartsWith("bob: victim", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', troubles));
        troubles.Where(line => !line.StartsWith("bob: victim", StringComparison.Ordinal)).ShouldAllBe(line => line.StartsWith("bob: stored packs", StringComparison.Ordinal));
        storage.World.Names("bob").ShouldNotContain("victim");
        Directory.EnumerateFileSystemEntries(storage.World.At("bob", ".magic-folder/staging")).ShouldBeEmpty();
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(2_000_000_000);
        await storage.ShouldHealAsync();
        File.ReadAllBytes(storage.World.At("bob", "victim")).ShouldBe(File.ReadAllBytes(storage.World.At("alice", "victim")));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("a longer file")]
    [InlineData("another claimed length")]
    [InlineData("no lease")]
    public async Task WhatIsWrongOnlyAroundAPackHarmsNothing(string damage)
    {
        using var storage = await HostileStorage.StartAsync();
        string pack = await storage.StoreAsync("alice", "victim", Size);
        storage.Damage(damage, pack);

        (await storage.WorkAsync()).ShouldBeEmpty();

        File.ReadAllBytes(storage.World.At("bob", "victim")).ShouldBe(File.ReadAllBytes(storage.World.At("alice", "victim")));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("deleted")]
    [InlineData("a flipped bit")]
    [InlineData("another share")]
    [InlineData("a directory")]
    public async Task APackWithATreeHoldsBackItsVersionUntilItIsBack(string damage)
    {
        using var storage = await HostileStorage.StartAsync();
        storage.World.Write("alice", "story", "first");
        await storage.RunWellAsync("alice", "bob");
        string[] before = storage.ImmutableShares();
        storage.World.Write("alice", "story", "second");
        await storage.RunWellAsync("alice");
        foreach (string pack in storage.ImmutableShares().Except(before).ToArray()) storage.Damage(damage, pack);

        storage.World.Write("bob", "new-of-bob", "bob's");
        (await storage.RunAsync("bob")).ShouldHaveSingleItem().ShouldStartWith("bob: alice: ");

        storage.World.Read("bob", "story").ShouldBe("first");
        await storage.RunWellAsync("alice");
        storage.World.Read("alice", "new-of-bob").ShouldBe("bob's");
        await storage.ShouldHealAsync();
        storage.World.Read("bob", "story").ShouldBe("second");
    }

    [Fact(Timeout = 120_000)]
    public async Task WithoutAnyPackNewWorkGoesOnAndTheRestComesWhenTheyAreBack()
    {
        using var storage = await HostileStorage.StartAsync();
        await storage.StoreAsync("alice", "victim", Size);
        foreach (string pack in storage.ImmutableShares()) storage.Damage("deleted", pack);

        string[] first = await storage.RunAsync("bob");
        first.ShouldHaveSingleItem().ShouldStartWith("bob: alice: ");
        storage.World.Names("bob").ShouldBe(["of-alice", "of-bob"]);
        storage.World.Names("alice").ShouldBe(["of-alice", "of-bob", "victim"]);

        await storage.ShouldHealAsync();
        storage.World.Names("bob").ShouldContain("victim");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("alice", "emptied")]
    [InlineData("alice", "a pipe")]
    [InlineData("bob", "leases without number")]
    [InlineData("bob", "a directory")]
    public async Task APackThatCannotBeLeasedAnyLongerIsReportedAndAllElseIsPublished(string owner, string damage)
    {
        using var storage = await HostileStorage.StartAsync();
        string pack = await storage.StoreAsync(owner, "large", Size);
        await storage.RunWellAsync("alice", "bob");
        storage.Damage(damage, pack);
        storage.Time = new KnownPains.ShiftedTime(TimeSpan.FromDays(20));

        for (int i = 0; i < 2; i++)
        {
            storage.World.Write("alice", $"new-{i}", "alice's");
            (await storage.RunAsync("alice")).ShouldHaveSingleItem().ShouldStartWith("alice: stored packs: 1 of them cannot be leased");
            await storage.RunAsync("bob");
            storage.World.Read("bob", $"new-{i}").ShouldBe("alice's");
        }

        await storage.ShouldHealAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task AContentThatIsFoundInADamagedPackKeepsNothingElseFromBeingPublished()
    {
        using var storage = await HostileStorage.StartAsync();
        string pack = await storage.StoreAsync("alice", "victim", Size);
        storage.Damage("a flipped bit", pack);

        File.Copy(storage.World.At("alice", "victim"), storage.World.At("alice", "same"));
        string[] troubles = await storage.WorkAsync();

        troubles.ShouldAllBe(line => line.StartsWith("bob: victim", StringComparison.Ordinal) || line.StartsWith("bob: same", StringComparison.Ordinal));
        troubles.Length.ShouldBe(2);
        await storage.ShouldHealAsync();
    }
}
