using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Capturing;

/// <summary>Large files that moved with their directory are recognized by their signature; whatever is not exactly that is read.</summary>
public sealed class MovedFilesTests
{
    private const int Size = 5_000_000;

    [Fact]
    public async Task ALargeFileThatMovedWithItsDirectoryIsNotReadAgain()
    {
        using var world = await StartAsync();
        Directory.Move(world.At("alice", "before"), world.At("alice", "after"));

        (await SyncAsync(world)).ShouldBe(0);
        File.ReadAllBytes(world.At("bob", "after/big.bin")).AsSpan().SequenceEqual(File.ReadAllBytes(world.At("alice", "after/big.bin"))).ShouldBeTrue();
        world.Names("bob").ShouldBe(["after", "after/big.bin"]);
    }

    [Fact]
    public async Task AFileThatWasChangedWhereItMovedIsRead()
    {
        using var world = await StartAsync();
        Directory.Move(world.At("alice", "before"), world.At("alice", "after"));
        string file = world.At("alice", "after/big.bin");
        var mtime = File.GetLastWriteTimeUtc(file);
        using (var handle = File.OpenHandle(file, access: FileAccess.Write)) RandomAccess.Write(handle, [1, 2, 3], 4_000_000);
        File.SetLastWriteTimeUtc(file, mtime);
        Thread.Sleep(50);

        (await SyncAsync(world)).ShouldBeGreaterThanOrEqualTo(Size);
        File.ReadAllBytes(world.At("bob", "after/big.bin")).AsSpan().SequenceEqual(File.ReadAllBytes(file)).ShouldBeTrue();
    }

    [Fact]
    public async Task ACopyWithTheSameTimesIsRead()
    {
        using var world = await StartAsync();
        Directory.CreateDirectory(world.At("alice", "after"));
        File.Copy(world.At("alice", "before/big.bin"), world.At("alice", "after/big.bin"));
        File.SetLastWriteTimeUtc(world.At("alice", "after/big.bin"), File.GetLastWriteTimeUtc(world.At("alice", "before/big.bin")));

        (await SyncAsync(world)).ShouldBeGreaterThanOrEqualTo(Size);
        world.Names("bob").ShouldBe(["after", "after/big.bin", "before", "before/big.bin"]);
    }

    private static async Task<EmbeddedWorld> StartAsync()
    {
        var world = await EmbeddedWorld.StartAsync("alice", "bob");
        Directory.CreateDirectory(world.At("alice", "before"));
        var bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(world.At("alice", "before/big.bin"), bytes);
        // Older than the clock's tick, so that its signature says something.
        Thread.Sleep(50);
        await world.SyncAsync();
        Thread.Sleep(50);
        return world;
    }

    /// <summary>Bytes that alice read for it; what was changed just before is read twice.</summary>
    private static async Task<long> SyncAsync(EmbeddedWorld world)
    {
        await using var session = await world.OpenAsync();
        await session.RunToRestAsync(TestContext.Current.CancellationToken);
        return session.Participants.First(participant => participant.Name == "alice").Progress.BytesCaptured;
    }
}
