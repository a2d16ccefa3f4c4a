using MagicFolder.Grid;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Tests.Collecting;
using MagicFolder.Sync.Tests.KnownPains;

namespace MagicFolder.Sync.Tests.Capturing;

/// <summary>Files of several packs, which are on their way to the grid at the same time.</summary>
public sealed class LargeFileTests
{
    private const int Size = 60_000_000;

    [Fact]
    public async Task NothingIsRecordedWhenOneOfThePacksCannotBeStoredAndTheNextRoundStoresIt()
    {
        using var world = await TwoComputers.StartAsync();
        byte[] bytes = Noise(1);
        File.WriteAllBytes(world.At("alice", "big.bin"), bytes);
        int puts = 0;
        var grid = new ActingGrid(world.GridWith(world.FolderOf("alice").LeaseSecret))
        {
            BeforePut = () =>
            {
                if (Interlocked.Increment(ref puts) == 2) throw new GridException(GridFailure.NoSpace, "The disk is full.");
            },
        };
        await using (var session = await world.OpenAsync("alice", grid))
        {
            (await Should.ThrowAsync<GridException>(() => session.RunToRestAsync(TestContext.Current.CancellationToken))).Failure.ShouldBe(GridFailure.NoSpace);
            session.Participants[0].State!.Records.Find(RelativePath.Parse("big.bin")).ShouldBeNull();
            session.Participants[0].State!.Versions.Read()!.PublishedSeq.ShouldBe(0);
        }

        await world.SyncAsync("alice", "bob");
        puts.ShouldBeGreaterThan(1);
        File.ReadAllBytes(world.At("bob", "big.bin")).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public async Task AnInsertionInTheMiddleIsPatchedFromTheFormerFile()
    {
        using var world = await TwoComputers.StartAsync();
        byte[] bytes = Noise(2);
        File.WriteAllBytes(world.At("alice", "big.bin"), bytes);
        await world.SyncAsync("alice", "bob");
        byte[] changed = [.. bytes.AsSpan(0, Size / 2), .. new byte[1024], .. bytes.AsSpan(Size / 2)];
        File.WriteAllBytes(world.At("alice", "new"), changed);
        File.Move(world.At("alice", "new"), world.At("alice", "big.bin"), overwrite: true);
        long stored = world.Stored();

        await world.SyncAsync("alice", "bob");
        File.ReadAllBytes(world.At("bob", "big.bin")).AsSpan().SequenceEqual(changed).ShouldBeTrue();
        (world.Stored() - stored).ShouldBeLessThan(10_000_000);
    }

    private static byte[] Noise(int seed)
    {
        var bytes = new byte[Size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
