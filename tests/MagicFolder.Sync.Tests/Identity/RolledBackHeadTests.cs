namespace MagicFolder.Sync.Tests.Identity;

/// <summary>Promise 4: the storage can forge nothing, and a rolled-back or forked head is detected by whoever saw a newer one.</summary>
public sealed class RolledBackHeadTests
{
    [Fact]
    public async Task AHeadThatWasRolledBackIsRefusedAndTheOthersGoOn()
    {
        using var cast = await Cast.StartAsync("alice", "bob", "carol");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob", "carol")).ShouldBeEmpty();
        var old = await cast.PersonalVersionAsync("alice");
        cast.World.Write("alice", "file", "second");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();

        cast.Grid.Show(cast.PersonalOf("alice"), old);
        cast.World.Write("carol", "of-carol", "new");
        string[] troubles = await cast.RunAsync("carol", "bob");

        // Carol knows of the newer version from bob.
        troubles.Length.ShouldBe(2);
        troubles.ShouldAllBe(line => line.Contains(": alice: The storage shows version", StringComparison.Ordinal));
        cast.World.Read("bob", "file").ShouldBe("second");
        cast.World.Read("bob", "of-carol").ShouldBe("new");

        cast.Grid.BeHonest();
        (await cast.RunAsync("alice", "bob", "carol")).ShouldBeEmpty();
        cast.World.Read("carol", "file").ShouldBe("second");
    }

    [Fact]
    public async Task AForkUnderOneNumberIsRefusedAndTheOthersGoOn()
    {
        using var cast = await Cast.StartAsync("alice", "bob", "carol");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob", "carol")).ShouldBeEmpty();
        var forked = await PublishElsewhereAsync(cast);
        cast.World.Write("alice", "file", "second");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        (await cast.HeadAsync("alice")).Seq.ShouldBe(Snapshots.Heads.Head.Decode(forked.Content).Seq);

        cast.World.Write("carol", "of-carol", "new");
        (await cast.RunAsync("carol")).ShouldBeEmpty();
        cast.Grid.Show(cast.PersonalOf("alice"), forked);

        (await cast.RunAsync("bob")).ShouldHaveSingleItem().ShouldStartWith("bob: alice: There are two different versions");
        cast.World.Read("bob", "file").ShouldBe("second");
        cast.World.Read("bob", "of-carol").ShouldBe("new");
    }

    [Fact]
    public async Task WhoeverJoinedAForkIsRefusedByThoseWhoSawTheOther()
    {
        using var cast = await Cast.StartAsync("alice", "bob", "carol");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob", "carol")).ShouldBeEmpty();
        var forked = await PublishElsewhereAsync(cast);
        cast.World.Write("alice", "file", "second");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();

        cast.Grid.Show(cast.PersonalOf("alice"), forked);
        await cast.RunAsync("carol");
        cast.Grid.BeHonest();

        (await cast.RunAsync("bob")).ShouldHaveSingleItem().ShouldStartWith("bob: carol: There are two different versions");
        cast.World.Read("bob", "file").ShouldBe("second");
    }

    [Fact]
    public async Task ARollbackBeyondALostStateIsRefused()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        var beforeTheLoss = await cast.PersonalVersionAsync("alice");
        File.Delete(Path.Combine(cast.World.StateDirectory, "participants", "alice.db"));
        (await cast.RunAsync("alice")).ShouldBeEmpty();
        cast.World.Write("alice", "file", "second");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();

        cast.Grid.Show(cast.PersonalOf("alice"), beforeTheLoss);

        (await cast.RunAsync("bob")).ShouldHaveSingleItem().ShouldStartWith("bob: alice: ");
        cast.World.Read("bob", "file").ShouldBe("second");
    }

    [Fact]
    public async Task AHeadOfANewerFormatIsRefusedAndTheOthersGoOn()
    {
        using var cast = await Cast.StartAsync("alice", "bob", "carol");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob", "carol")).ShouldBeEmpty();

        cast.Grid.Show(cast.PersonalOf("alice"), await NewerAsync(cast, "alice"));
        cast.World.Write("carol", "of-carol", "new");
        string[] troubles = await cast.RunAsync("carol", "bob");

        troubles.Length.ShouldBe(2);
        troubles.ShouldAllBe(line => line.Contains("alice: The head has format version 2", StringComparison.Ordinal) && line.Contains("update this program", StringComparison.Ordinal));
        cast.World.Read("bob", "of-carol").ShouldBe("new");
    }

    [Fact]
    public async Task AnOwnHeadOfANewerFormatIsLeftUntouched()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        var before = await cast.PersonalVersionAsync("alice");

        cast.Grid.Show(cast.PersonalOf("alice"), await NewerAsync(cast, "alice"));
        cast.World.Write("alice", "file", "second");
        string[] troubles = await cast.RunAsync("alice");

        troubles.ShouldHaveSingleItem().ShouldContain("format version 2");
        (await cast.PersonalVersionAsync("alice")).Seqnum.ShouldBe(before.Seqnum);
    }

    [Fact]
    public async Task AHeadWhoseStatementSomebodyElseSignedIsRefused()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        cast.World.Write("alice", "file", "second");
        (await cast.RunAsync("alice")).ShouldBeEmpty();
        var version = await cast.PersonalVersionAsync("alice");
        byte[] signature = [.. (await cast.HeadAsync("alice")).Signature];
        byte[] forged = version.Content.ToArray();
        forged[forged.AsSpan().IndexOf(signature) + 100] ^= 1;

        cast.Grid.Show(cast.PersonalOf("alice"), version with { Content = forged });

        (await cast.RunAsync("bob")).ShouldHaveSingleItem().ShouldContain("does not verify");
        cast.World.Read("bob", "file").ShouldBe("first");
    }

    [Fact]
    public async Task WhenTheStorageWentBackInTimeOwnVersionsArePublishedAgain()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        string backup = cast.World.Outside("grid");
        Copy(cast.World.GridDirectory, backup);
        cast.World.Write("alice", "file", "second");
        cast.World.Write("alice", "large", string.Concat(Enumerable.Range(0, 50_000)));
        (await cast.RunAsync("alice")).ShouldBeEmpty();

        Directory.Delete(Path.Combine(cast.World.GridDirectory, "shares"), recursive: true);
        Copy(Path.Combine(backup, "shares"), Path.Combine(cast.World.GridDirectory, "shares"));
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();

        cast.World.Read("bob", "file").ShouldBe("second");
        cast.World.Read("bob", "large").ShouldBe(cast.World.Read("alice", "large"));
    }

    [Fact]
    public async Task WhenTheStorageWentBackBeyondALostStateOwnVersionsArePublishedAgain()
    {
        using var cast = await Cast.StartAsync("alice", "bob");
        cast.World.Write("alice", "file", "first");
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();
        string backup = cast.World.Outside("grid");
        Copy(cast.World.GridDirectory, backup);
        File.Delete(Path.Combine(cast.World.StateDirectory, "participants", "alice.db"));
        (await cast.RunAsync("alice")).ShouldBeEmpty();
        cast.World.Write("alice", "file", "second");
        (await cast.RunAsync("alice")).ShouldBeEmpty();

        Directory.Delete(Path.Combine(cast.World.GridDirectory, "shares"), recursive: true);
        Copy(Path.Combine(backup, "shares"), Path.Combine(cast.World.GridDirectory, "shares"));
        (await cast.RunAsync("alice", "bob")).ShouldBeEmpty();

        cast.World.Read("bob", "file").ShouldBe("second");
    }

    /// <summary>What a clone of alice would publish next, on a copy of everything.</summary>
    private static async Task<Grid.MutableVersion> PublishElsewhereAsync(Cast cast)
    {
        string state = cast.CopyState("clone");
        var before = await cast.PersonalVersionAsync("alice");
        string grid = cast.World.Outside("grid");
        Copy(cast.World.GridDirectory, grid);
        cast.World.Write("alice", "file", "by a clone");
        (await cast.RunOnAsync(state, "alice")).ShouldBeEmpty();
        var forked = await cast.PersonalVersionAsync("alice");
        forked.Seqnum.ShouldBe(before.Seqnum + 1);
        // Only the head goes back; the packs of the clone may stay.
        string shares = Path.Combine(cast.World.GridDirectory, "shares");
        string index = cast.PersonalOf("alice").StorageIndex.ToString();
        foreach (string share in Directory.EnumerateFiles(shares, "*", SearchOption.AllDirectories))
            if (Path.GetFileName(Path.GetDirectoryName(share)) == index) File.Copy(Path.Combine(grid, Path.GetRelativePath(cast.World.GridDirectory, share)), share, overwrite: true);
        (await cast.PersonalVersionAsync("alice")).Seqnum.ShouldBe(before.Seqnum);
        return forked;
    }

    private static async Task<Grid.MutableVersion> NewerAsync(Cast cast, string name)
    {
        var version = await cast.PersonalVersionAsync(name);
        byte[] content = version.Content.ToArray();
        content[1].ShouldBe((byte)Snapshots.Heads.Head.Version);
        content[1]++;
        return version with { Seqnum = version.Seqnum + 1, Content = content };
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
