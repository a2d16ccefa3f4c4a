using MagicFolder.FileSystem.Applying;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Applying;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>A crash, or an edit at the last moment, where nothing on the disk has a number by which it is known again.</summary>
public sealed class NumberlessTests
{
    private static readonly Func<IDisk, IDisk> Numberless = disk => new NumberlessDisk(disk);

    [Fact]
    public async Task ACrashBeforeASwapUndoesNobodysEdit()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.UseDisk("bob", Numberless);
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice", "bob");
        all.World.Write("alice", "file", "by alice");
        await all.RunWellAsync("alice");
        await DieAsync(all, path => path.IsReserved, after: false);
        await all.RunWellAsync("bob", "alice");

        all.Contents("alice").ShouldBe(["by alice"]);
        all.Contents("bob").ShouldBe(["by alice"]);
    }

    [Fact]
    public async Task ACrashAfterASwapIsRecognized()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.UseDisk("bob", Numberless);
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice", "bob");
        all.World.Write("alice", "file", "by alice");
        await all.RunWellAsync("alice");
        await DieAsync(all, path => path.IsReserved, after: true);
        all.World.Write("bob", "file", "by bob, who had seen alice's");
        await all.RunWellAsync("bob", "alice");

        all.Contents("alice").ShouldBe(["by bob, who had seen alice's"]);
        all.World.Names("bob").ShouldBe(["file"]);
    }

    [Fact]
    public async Task ADirectoryThatItsUserMadeIsNotTheOneThatWasToBeMovedThere()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.UseDisk("bob", Numberless);
        for (int i = 0; i < 5; i++) all.World.Write("alice", $"old/{i}", $"content {i}");
        await all.RunWellAsync("alice", "bob");
        Directory.Move(all.World.At("alice", "old"), all.World.At("alice", "new"));
        await all.RunWellAsync("alice");
        await DieAsync(all, path => path == RelativePath.Parse("old"), after: false);
        all.World.Write("bob", "new/mine", "by bob");
        await all.RunWellAsync("bob", "alice");

        all.Contents("alice").ShouldBe(["by bob", "content 0", "content 1", "content 2", "content 3", "content 4"]);
        all.ShouldShowTheSame("alice", "bob");
    }

    [Fact]
    public void WhatStandsInPlaceIsNotTakenForOurs()
    {
        string root = Directory.CreateTempSubdirectory("magic-folder-numberless-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(root, "stage"), "first");
            File.WriteAllText(Path.Combine(root, "file"), "newest");
            using var disk = new NumberlessDisk(LocalDisk.Open(root));
            var path = RelativePath.Parse("file");
            var stage = RelativePath.Parse("stage");
            var first = disk.Stat(stage)!.Value;
            var value = EntryValue.File(BlobId.Of("first"u8), first.Size, first.MtimeNs, first.Mode);
            var step = new ApplyStep
            {
                Work = new PathWork(path),
                Intent = new ApplyIntent(1, IntentKind.Replace, path, stage, [], value, first.ToSignature(), new DiskSignature(8, 1, 1, 0, 0), null),
                Former = new MaterializedRecord(path, [], value, first.ToSignature(), Implied: false, Racy: false),
                Outcome = new ApplyOutcome(ApplyKind.KeptAside, disk.Stat(path), StageHoldsOld: true, Problem: null),
            };

            SwappedAfterAll.Judge(disk, step).ShouldBeNull();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task DieAsync(Neighbourhood all, Predicate<RelativePath> moves, bool after)
    {
        bool dying = false;
        all.UseDisk("bob", disk => new ActingDisk(new NumberlessDisk(disk), (call, path) =>
        {
            if (dying || (call == nameof(ActingDisk.Move) && moves(path) && !after)) throw new InvalidOperationException("the power is gone");
            dying = call == nameof(ActingDisk.Move) && moves(path);
        }));
        await Should.ThrowAsync<InvalidOperationException>(() => all.RunAsync("bob"));
        all.UseDisk("bob", Numberless);
    }
}
