using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Restoring;
using MagicFolder.Sync.Tests.KnownPains;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Restoring;

public sealed class OutsideRestorerTests
{
    [Fact]
    public async Task ATreeIsWrittenAsItWasBesideARunningSession()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "a/d/x.sh", "#!/bin/sh");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(world.At("alice", "a/d/x.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(world.At("alice", "a/link"), "d/x.sh");
        Directory.CreateDirectory(world.At("alice", "a/empty"));
        File.WriteAllText(world.At("alice", "a/nothing"), "");
        var time = new DateTime(2015, 5, 1, 12, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(world.At("alice", "a/d/x.sh"), time);
        Directory.SetLastWriteTimeUtc(world.At("alice", "a/d"), time);
        await world.SyncAsync();
        Directory.Delete(world.At("alice", "a"), recursive: true);
        await using var session = await world.OpenAsync();
        await session.RunToRestAsync(TestContext.Current.CancellationToken);

        var result = await RestoreAsync(world, RelativePath.Parse("a"));
        result.Problems.ShouldBeEmpty();
        result.Restored.ShouldBe(6);
        string root = world.Outside("a");
        File.ReadAllText(Path.Combine(root, "d/x.sh")).ShouldBe("#!/bin/sh");
        if (!OperatingSystem.IsWindows()) (File.GetUnixFileMode(Path.Combine(root, "d/x.sh")) & UnixFileMode.UserExecute).ShouldNotBe(UnixFileMode.None);
        File.GetLastWriteTimeUtc(Path.Combine(root, "d/x.sh")).ShouldBe(time);
        Directory.GetLastWriteTimeUtc(Path.Combine(root, "d")).ShouldBe(time);
        new FileInfo(Path.Combine(root, "link")).LinkTarget.ShouldBe("d/x.sh");
        Directory.EnumerateFileSystemEntries(Path.Combine(root, "empty")).ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(world.Outside("")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task NothingThatExistsIsOverwritten()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "x.txt", "one");
        world.Write("alice", "y.txt", "two");
        await world.SyncAsync();
        Directory.CreateDirectory(world.Outside(""));
        File.WriteAllText(world.Outside("y.txt"), "mine");

        (await Should.ThrowAsync<RefusedException>(() => RestoreAsync(world, RelativePath.Root))).Message.ShouldContain("y.txt");
        File.ReadAllText(world.Outside("y.txt")).ShouldBe("mine");
        File.Exists(world.Outside("x.txt")).ShouldBeFalse();
        (await RestoreAsync(world, RelativePath.Parse("x.txt"))).Restored.ShouldBe(1);
    }

    [Fact]
    public async Task AnUnreadableContentLeavesNoHalfFileAndTheOthersGoOn()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "b.txt", "sound");
        await world.SyncAsync();
        string[] sound = Directory.GetFiles(Path.Combine(world.GridDirectory, "shares"), "*", SearchOption.AllDirectories);
        await File.WriteAllBytesAsync(world.At("alice", "a.bin"), Noise(3_000_000), TestContext.Current.CancellationToken);
        await world.SyncAsync();
        // The largest new share holds the noise; its beginning stays sound, so that the trouble comes in the middle.
        string share = Directory.GetFiles(Path.Combine(world.GridDirectory, "shares"), "*", SearchOption.AllDirectories)
            .Except(sound, StringComparer.Ordinal).MaxBy(file => new FileInfo(file).Length)!;
        using (var file = File.OpenWrite(share))
        {
            file.Position = 2_000_000;
            file.Write(new byte[300_000]);
        }

        var result = await RestoreAsync(world, RelativePath.Root);
        result.Problems.ShouldHaveSingleItem().Path.ShouldBe("a.bin");
        Directory.EnumerateFileSystemEntries(world.Outside("")).Select(Path.GetFileName).ShouldBe(["b.txt"]);
    }

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(1).NextBytes(noise);
        return noise;
    }

    [Fact]
    public async Task OnADiskWithoutPermissionBitsTheContentIsWhatCounts()
    {
        using var world = await EmbeddedWorld.StartAsync("alice");
        world.Write("alice", "a/d/x.txt", "content");
        var time = new DateTime(2015, 5, 1, 12, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(world.At("alice", "a/d/x.txt"), time);
        Directory.SetLastWriteTimeUtc(world.At("alice", "a/d"), time);
        await world.SyncAsync();

        var result = await RestoreAsync(world, RelativePath.Parse("a"), disk => new FixedBitsDisk(disk, 0x1ED, refuses: true));

        result.Problems.ShouldBeEmpty();
        File.ReadAllText(world.Outside("a/d/x.txt")).ShouldBe("content");
        File.GetLastWriteTimeUtc(world.Outside("a/d/x.txt")).ShouldBe(time);
        Directory.GetLastWriteTimeUtc(world.Outside("a/d")).ShouldBe(time);
    }

    /// <summary>The newest version of alice's that still had it, into the directory outside.</summary>
    private static async Task<RestoreResult> RestoreAsync(EmbeddedWorld world, RelativePath path, Func<IDisk, IDisk>? around = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var view = world.View("alice");
        await using var reader = await HistoryReader.OpenAsync(view, world.Grid, cancel);
        var log = await reader.ReadLogAsync(cancel);
        string version = log.Snapshots.First(s => s.Participant == "alice").ShownVersion;
        if (!path.IsRoot) version = (await reader.ReadPathAsync(log, path, cancel)).First(v => v.Value is not null).Snapshot.ShownVersion;
        Directory.CreateDirectory(world.Outside(""));
        using var target = LocalDisk.Open(world.Outside(""));
        return await new OutsideRestorer(reader, "alice", around?.Invoke(target) ?? target, EmbeddedWorld.Random).RestoreAsync(new RestoreRequest(path, version, null), cancel);
    }
}
