using MagicFolder.FileSystem.Disks;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>What was swapped out where nobody can tell whether a program still has it open.</summary>
public sealed class LeftoverTests
{
    [Fact]
    public async Task ALateWriteComesBackWhenNothingWasWrittenForAWhile()
    {
        using var all = await ReplacedAsync(tells: false);
        File.AppendAllText(Staged(all).Single(), " and late");
        await all.RunWellAsync("bob");
        all.Contents("bob").ShouldBe(["by alice"], "somebody may be writing");
        all.Time = new ShiftedTime(TimeSpan.FromMinutes(16));
        await all.RunWellAsync("bob");
        await all.RunWellAsync("bob", "alice");

        all.Contents("bob").ShouldBe(["by alice", "first and late"]);
        all.Contents("alice").ShouldBe(all.Contents("bob"));
        Staged(all).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatNobodyWroteToGoesAfterAWhile()
    {
        using var all = await ReplacedAsync(tells: false);
        Staged(all).Length.ShouldBe(1);
        all.Time = new ShiftedTime(TimeSpan.FromMinutes(16));
        await all.RunWellAsync("bob");

        Staged(all).ShouldBeEmpty();
        all.Contents("bob").ShouldBe(["by alice"]);
    }

    [Fact]
    public async Task WhatSomebodyIsKnownToHaveOpenWaitsForAsLongAsThatTakes()
    {
        using var all = await ReplacedAsync(tells: true);
        all.Time = new ShiftedTime(TimeSpan.FromDays(16));
        await all.RunWellAsync("bob");

        Staged(all).Length.ShouldBe(1);
    }

    [Fact]
    public async Task WhatAProgramPutsIntoItsWorkingDirectoryAfterAFileTookItsPlaceComesBack()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        bool isPut = false;
        all.UseDisk("bob", disk => new ActingDisk(disk, (call, path) =>
        {
            if (isPut || call != "Remove" || !Directory.Exists(all.World.At("bob", path.ToString()))) return;
            isPut = true;
            File.WriteAllText(all.World.At("bob", $"{path}/late"), "late");
        }));
        Directory.CreateDirectory(all.World.At("alice", "d"));
        await all.RunWellAsync("alice", "bob");
        Directory.Delete(all.World.At("alice", "d"));
        all.World.Write("alice", "d", "by alice");
        await all.RunWellAsync("alice");
        await all.RunAsync("bob");
        await all.RunWellAsync("bob");
        await all.RunWellAsync("bob");

        isPut.ShouldBeTrue();
        File.ReadAllText(all.World.At("bob", "d.conflict-bob/late")).ShouldBe("late");
        Staged(all).ShouldBeEmpty();
    }

    [Fact]
    public async Task AStagingDirectoryThatWasTidiedAwayIsMadeAgain()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        await using var session = await all.OpenAsync(new EngineOptions(), "alice", "bob");
        await session.RunToRestAsync(TestContext.Current.CancellationToken);
        Directory.Delete(all.World.At("bob", ".magic-folder/staging"));
        all.World.Write("alice", "d/a", "by alice");
        await session.RunToRestAsync(TestContext.Current.CancellationToken);

        all.World.Read("bob", "d/a").ShouldBe("by alice");
    }

    [Fact]
    public async Task ALateWriteThatCannotComeBackIsAProblemUntilItCan()
    {
        using var all = await ReplacedAsync(tells: false);
        File.AppendAllText(Staged(all).Single(), " and late");
        all.Time = new ShiftedTime(TimeSpan.FromMinutes(16));
        bool isFull = true;
        all.UseDisk("bob", disk => new LeaselessDisk(new ActingDisk(disk, (call, path) =>
        {
            if (call == "Move" && isFull) throw new DiskException(DiskFault.NoSpace, path, "the disk is full");
        }), tells: false));
        (await all.RunAsync("bob")).ShouldHaveSingleItem().ShouldStartWith("bob: file");
        isFull = false;
        await all.RunWellAsync("bob");
        all.Contents("bob").ShouldBe(["by alice", "first and late"]);
    }

    [Fact]
    public async Task WhatAProgramPutsIntoADirectoryThatHadItsPlaceForAMomentComesBack()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        string[] staged = [];
        bool isEdited = false, isPut = false;
        all.UseDisk("bob", disk => new ActingDisk(disk, (call, path) =>
        {
            if (call == "Move" && path.Parent.Name == "staging" && !isEdited)
            {
                // What comes out is not what was recorded, so the directory goes back.
                isEdited = true;
                staged = [all.World.At("bob", path.ToString())];
                all.World.Write("bob", "d", "edited by bob");
            }
            else if (call == "Flush" && isEdited && !isPut && staged.Any(Directory.Exists))
            {
                isPut = true;
                File.WriteAllText(Path.Combine(staged[0], "late"), "late");
            }
        }));
        all.World.Write("alice", "d", "first");
        isEdited = true;
        await all.RunWellAsync("alice", "bob");
        File.Delete(all.World.At("alice", "d"));
        Directory.CreateDirectory(all.World.At("alice", "d"));
        await all.RunWellAsync("alice");
        isEdited = false;
        await all.RunAsync("bob");
        for (int i = 0; i < 3; i++) await all.RunAsync("bob");

        isPut.ShouldBeTrue();
        all.Contents("bob").ShouldContain("edited by bob");
        all.Contents("bob").ShouldContain("late");
        Staged(all).ShouldBeEmpty();
    }

    [Fact]
    public async Task AFileThatACrashLeftUnderTwoNamesHasOne()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice");
        all.UseDisk("bob", disk => new ActingDisk(disk, (call, path) =>
        {
            if (call != "Move" || path.Parent.Name != "staging" || File.Exists(all.World.At("bob", "file"))) return;
            Link(all.World.At("bob", path.ToString()), all.World.At("bob", "file"));
            throw new OperationCanceledException("The process ends between link and unlink.");
        }));
        await Should.ThrowAsync<OperationCanceledException>(() => all.RunAsync("bob"));
        File.AppendAllText(all.World.At("bob", "file"), ", edited in place");
        all.UsePlainDisk("bob");
        await all.RunWellAsync("bob", "alice");

        all.World.Names("bob").ShouldBe(["file"]);
        all.World.Read("alice", "file").ShouldBe("first, edited in place");
        Staged(all).ShouldBeEmpty();
    }

    private static void Link(string file, string name)
    {
        using var ln = System.Diagnostics.Process.Start("ln", [file, name]);
        ln.WaitForExit();
        ln.ExitCode.ShouldBe(0);
    }

    private static async Task<Neighbourhood> ReplacedAsync(bool tells)
    {
        var all = await Neighbourhood.StartAsync("alice", "bob");
        all.UseDisk("bob", disk => new LeaselessDisk(disk, tells));
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice", "bob");
        all.World.Write("alice", "file", "by alice");
        await all.RunWellAsync("alice", "bob");
        return all;
    }

    private static string[] Staged(Neighbourhood all) => Directory.GetFileSystemEntries(all.World.At("bob", ".magic-folder/staging"));
}
