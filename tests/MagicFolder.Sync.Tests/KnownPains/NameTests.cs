using MagicFolder.FileSystem.Disks;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>Names that differ and yet are one on some disks.</summary>
public sealed class NameTests
{
    private const string Composed = "caf\u00e9";
    private const string Decomposed = "cafe\u0301";

    public static TheoryData<string, string, bool> Twins => new()
    {
        { "report.txt", "Report.txt", true },
        { "dir/report.txt", "Dir/report.txt", true },
        { Composed, Decomposed, false },
        { Composed + "/x", Decomposed + "/x", false },
    };

    [Theory]
    [MemberData(nameof(Twins))]
    public async Task TwinsAreDifferentFilesWhereTheDiskCanHoldBoth(string one, string other, bool byCase)
    {
        _ = byCase;
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", one, "the one");
        all.World.Write("alice", other, "the other");
        await all.RunWellAsync("alice", "bob");

        all.World.Read("bob", one).ShouldBe("the one");
        all.World.Read("bob", other).ShouldBe("the other");
        all.ShouldShowTheSame("alice", "bob");
    }

    [Theory]
    [MemberData(nameof(Twins))]
    public async Task OfTwinsADiskThatFoldsNamesHoldsOneAndTheOtherIsReportedAndNeverDeleted(string one, string other, bool byCase)
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.UseDisk("bob", Folding(byCase));
        await MeetAsync(all, one, other);

        string given = (all.World.Read("bob", one) is null ? one : other).Split('/')[0];
        if (Directory.Exists(all.World.At("alice", given))) Directory.Delete(all.World.At("alice", given), recursive: true);
        else all.World.Delete("alice", given);
        await all.RunWellAsync("alice", "bob");
        all.ShouldShowTheSame("alice", "bob");
        all.Contents("bob").Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("new/Note", "new/note")]
    [InlineData("new/Sub/x", "new/sub/x")]
    [InlineData("new/Sub/x", "new/sub")]
    public async Task OfTwinsThatComeWithTheirDirectoryOneIsHeldAsWell(string one, string other)
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.UseDisk("bob", Folding(byCase: true));
        await MeetAsync(all, one, other);
    }

    [Theory]
    [MemberData(nameof(Twins))]
    public async Task ARenameThatChangesOnlyTheSpellingIsARenameOnEveryDisk(string before, string after, bool byCase)
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob", "carol");
        all.UseDisk("bob", Folding(byCase));
        all.World.Write("alice", before, "content");
        all.World.Write("alice", "another", "stays");
        await all.RunWellAsync("alice", "bob", "carol");

        Rename(all, "alice", before, after);
        await all.RunWellAsync("alice", "bob", "carol");
        await all.RunWellAsync("bob", "alice", "carol");

        all.World.Names("bob").ShouldContain(after);
        all.World.Names("bob").ShouldNotContain(before);
        all.World.Read("bob", after).ShouldBe("content");
        all.ShouldShowTheSame("alice", "bob", "carol");
    }

    [Theory]
    [MemberData(nameof(Twins))]
    public async Task ARenameThatChangesOnlyTheSpellingOnADiskThatFoldsNamesReachesTheOthers(string before, string after, bool byCase)
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.UseDisk("bob", Folding(byCase));
        all.World.Write("bob", before, "content");
        all.World.Write("bob", "another", "stays");
        await all.RunWellAsync("alice", "bob");

        Rename(all, "bob", before, after);
        await all.RunWellAsync("alice", "bob");

        all.World.Names("alice").ShouldNotContain(before);
        all.World.Read("alice", after).ShouldBe("content");
        all.ShouldShowTheSame("alice", "bob");
    }

    /// <summary>Alice has both; however often they sync, Bob's disk holds one of them, and he is told of the other.</summary>
    private static async Task MeetAsync(Neighbourhood all, string one, string other)
    {
        all.World.Write("alice", one, "the one");
        all.World.Write("alice", other, "the other");
        await all.RunWellAsync("alice");

        for (int again = 0; again < 3; again++)
        {
            var troubles = await all.RunAsync("alice", "bob");
            troubles.ShouldNotBeEmpty();
            troubles.ShouldAllBe(trouble => trouble.StartsWith("bob: ") && trouble.Contains("another spelling"));
        }

        all.World.Read("alice", one).ShouldBe("the one");
        all.World.Read("alice", other).ShouldBe("the other");
        all.Contents("alice").Length.ShouldBe(2);
        all.Contents("bob").Length.ShouldBe(1);
    }

    private static Func<IDisk, IDisk> Folding(bool byCase) => byCase ? FoldingDisk.OfCase : FoldingDisk.OfNormalization;

    /// <summary>Renames what differs: the file itself, or the directory above it.</summary>
    private static void Rename(Neighbourhood all, string name, string before, string after)
    {
        if (before.Contains('/', StringComparison.Ordinal)) Directory.Move(all.World.At(name, before.Split('/')[0]), all.World.At(name, after.Split('/')[0]));
        else File.Move(all.World.At(name, before), all.World.At(name, after));
    }
}
