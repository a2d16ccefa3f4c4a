using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Tests.KnownPains;

namespace MagicFolder.Sync.Tests.Applying;

/// <summary>Many files come to a directory that is made for them, and are put in place on several threads.</summary>
public sealed class TakenTogetherTests
{
    private const int Count = 200;

    [Fact]
    public async Task WhatItsUserPutsThereMeanwhileStaysAndAllElseComes()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        for (int i = 0; i < Count; i++) all.World.Write("alice", $"new/f{i:d3}", $"of alice {i}");
        await all.RunWellAsync("alice");
        int moves = 0;
        all.UseDisk("bob", disk => new ActingDisk(disk, (call, path) =>
        {
            if (!IsPutting(call, path) || Interlocked.Increment(ref moves) > 1) return;
            all.World.Write("bob", $"new/f{Count - 1:d3}", "of bob");
        }));

        await all.RunAsync("bob");
        all.UsePlainDisk("bob");
        await all.RunWellAsync("bob", "alice");

        for (int i = 0; i < Count - 1; i++) all.World.Read("bob", $"new/f{i:d3}").ShouldBe($"of alice {i}");
        all.Contents("bob").Length.ShouldBe(Count + 1);
        all.Contents("bob").ShouldContain("of bob");
        all.Contents("bob").ShouldContain($"of alice {Count - 1}");
        all.Contents("alice").ShouldBe(all.Contents("bob"));
    }

    [Fact]
    public async Task OneThatTheDiskRefusesHoldsUpNoOtherAndIsTriedAgain()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        for (int i = 0; i < Count; i++) all.World.Write("alice", $"new/f{i:d3}", $"of alice {i}");
        await all.RunWellAsync("alice");
        int moves = 0;
        all.UseDisk("bob", disk => new ActingDisk(disk, (call, path) =>
        {
            if (IsPutting(call, path) && Interlocked.Increment(ref moves) == Count / 2) throw new DiskException(DiskFault.Io, path, "The disk failed.");
        }));

        await all.RunWellAsync("bob");
        moves.ShouldBe(Count + 1);
        all.ShouldShowTheSame("alice", "bob");
    }

    private static bool IsPutting(string call, RelativePath from) => call == nameof(IDisk.Move) && from.Parent == StagingArea.Directory;
}
