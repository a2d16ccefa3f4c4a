using System.Text;
using System.Text.Json;
using MagicFolder.Grid;
using MagicFolder.Sync.Exporting;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Exporting;

/// <summary>What is exported is read as another client would: caps, files and tables alone.</summary>
public sealed class DirectoryExporterTests : IDisposable
{
    private static readonly byte[] Secret = [1, 2, 3];
    private readonly MutableKeys _keys = MutableKeys.Generate();

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task AnyClientReadsTheTreeBesideItsMetadata()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        string large = new('x', 400_000);
        world.Write("alice", "a.txt", "small");
        world.Write("alice", "d/e/large.txt", large);
        world.Write("alice", "d-e.txt", "between d and what is in it, by bytes");
        world.Write("bob", "b.txt", "");
        Directory.CreateDirectory(world.At("alice", "empty"));
        File.SetLastWriteTimeUtc(world.At("alice", "a.txt"), DateTime.UnixEpoch.AddMilliseconds(1_234_500));
        await world.SyncAsync();

        var result = await ExportAsync(world, "alice");
        result.Problems.ShouldBeEmpty();
        (result.Files, result.Bytes, result.Stored).ShouldBe((4, 400_000 + 5 + 37, 4));
        var tree = await ReadAsync(world, result.Tree);
        var metadata = JsonDocument.Parse(tree["metadata"]).RootElement;
        tree.Keys.Order(StringComparer.Ordinal).ShouldBe(["content/a.txt", "content/b.txt", "content/d-e.txt", "content/d/e/large.txt", "content/empty/", "metadata"]);
        (tree["content/a.txt"], tree["content/b.txt"]).ShouldBe(("small", ""));
        (tree["content/d/e/large.txt"] == large).ShouldBeTrue();
        metadata.GetProperty("participant").GetString().ShouldBe("alice");
        metadata.GetProperty("seq").GetInt64().ShouldBe(result.Snapshot.Seq);
        var seen = metadata.GetProperty("observed").EnumerateArray().ShouldHaveSingleItem();
        seen.GetProperty("participant").GetString().ShouldBe("bob");
        seen.GetProperty("seq").GetInt64().ShouldBe(result.Snapshot.Snapshot.Observed.All.Single().Seq);

        var content = (DirectoryCap)(await TableAsync(world, result.Tree)).Find(ChildName.From("content"))!.Caps.Read!;
        Json((await TableAsync(world, content)).Find(ChildName.From("a.txt"))!).GetProperty("mtime").GetDouble().ShouldBe(1234.5);
    }

    [Fact]
    public async Task UnchangedSubtreesKeepTheirCapsAndTheirFilesAreNotStoredAgain()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "same/long-name-that-does-not-fit-into-a-literal.txt", new string('s', 1000));
        world.Write("alice", "other/x.txt", "first, and long enough that it does not stand in its cap alone");
        await world.SyncAsync();
        var before = await ExportAsync(world, "alice");
        world.Write("alice", "other/x.txt", "second, and long enough that it does not stand in its cap alone");
        Directory.Move(world.At("alice", "same"), world.At("alice", "moved"));
        Directory.Move(world.At("alice", "moved"), world.At("alice", "same"));
        await world.SyncAsync();

        var after = await ExportAsync(world, "alice");
        after.Stored.ShouldBe(1);
        after.Tree.ShouldNotBe(before.Tree);
        after.Directory.ShouldBe(before.Directory);
        var (was, now) = (await ContentAsync(world, before.Tree), await ContentAsync(world, after.Tree));
        now.Find(ChildName.From("same"))!.Caps.Read.ShouldBe(was.Find(ChildName.From("same"))!.Caps.Read);
        now.Find(ChildName.From("other"))!.Caps.Read.ShouldNotBe(was.Find(ChildName.From("other"))!.Caps.Read);
    }

    [Fact]
    public async Task TheDirectoryHasTheLatestAndTheArchive()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "x.txt", "one");
        await world.SyncAsync();
        var first = await ExportAsync(world, "alice");
        (await ExportAsync(world, "alice")).Tree.ShouldBe(first.Tree);
        (await SeqnumAsync(world)).ShouldBe(1, "nothing was new");
        world.Write("bob", "x.txt", "two");
        await world.SyncAsync();
        var second = await ExportAsync(world, "alice");

        var tree = await ReadAsync(world, second.Directory);
        tree["Latest/content/x.txt"].ShouldBe("two");
        tree.Where(file => file.Key.StartsWith("Archives/", StringComparison.Ordinal) && file.Key.EndsWith("x.txt", StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => file.Value).ShouldBe(["one", "two"], ignoreOrder: true);
        (await SeqnumAsync(world)).ShouldBe(2);
    }

    [Fact]
    public async Task BothSidesOfAConflictAreThere()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "r.docx", "alice's");
        world.Write("bob", "r.docx", "bob's");
        world.Write("alice", "f", "a file");
        world.Write("bob", "f/in.txt", "in a directory");
        await world.SyncAsync();
        var tree = await ReadAsync(world, (await ExportAsync(world, "alice")).Tree);
        tree.Remove("metadata");
        tree.ShouldBe(
            new Dictionary<string, string>
            {
                ["content/r.docx"] = "alice's", ["content/r.conflict-bob.docx"] = "bob's", ["content/f/in.txt"] = "in a directory", ["content/f.conflict-alice"] = "a file",
            },
            ignoreOrder: true);
    }

    [Fact]
    public async Task WhatADirectoryCannotHoldIsNamed()
    {
        if (OperatingSystem.IsWindows()) return;
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        File.CreateSymbolicLink(world.At("alice", "link"), "nowhere");
        world.Write("alice", "caf\u00e9", "composed");
        world.Write("alice", "cafe\u0301", "decomposed");
        await world.SyncAsync();
        var result = await ExportAsync(world, "alice");
        result.Problems.Select(problem => problem.Path).ShouldBe(["link", "caf\u00e9"], ignoreOrder: true);
        (await ReadAsync(world, result.Tree))["content/caf\u00e9"].ShouldBe("decomposed");
    }

    [Fact]
    public async Task AFileThatIsLostIsLeftOutAndNamed()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "sound.txt", "sound");
        await world.SyncAsync();
        string[] others = Shares(world);
        byte[] noise = new byte[3_000_000];
        new Random(1).NextBytes(noise);
        await File.WriteAllBytesAsync(world.At("alice", "lost.bin"), noise, TestContext.Current.CancellationToken);
        await world.SyncAsync();
        string share = Shares(world).Except(others, StringComparer.Ordinal).MaxBy(file => new FileInfo(file).Length)!;
        using (var file = File.OpenWrite(share))
        {
            file.Position = 2_000_000;
            file.Write(new byte[300_000]);
        }

        var result = await ExportAsync(world, "alice");
        result.Problems.ShouldHaveSingleItem().Path.ShouldBe("lost.bin");
        var tree = await ReadAsync(world, result.Tree);
        tree.Keys.ShouldBe(["content/sound.txt", "metadata"], ignoreOrder: true);
    }

    [Fact]
    public async Task AFileWhoseShareIsGoneIsStoredAgain()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "x.txt", new string('x', 1_000));
        await world.SyncAsync();
        string[] before = Shares(world);
        await ExportAsync(world, "alice");
        string exported = Shares(world).Except(before, StringComparer.Ordinal).Single(file => new FileInfo(file).Length is > 1_500 and < 2_500);
        File.Delete(exported);
        var again = await ExportAsync(world, "alice");
        again.Stored.ShouldBe(1);
        (await ReadAsync(world, again.Tree))["content/x.txt"].ShouldBe(new string('x', 1_000));
    }

    [Fact]
    public async Task AnArchiveThatCannotBeReadIsNotReplaced()
    {
        using var world = await EmbeddedWorld.StartAsync("alice", "bob");
        world.Write("alice", "x.txt", "one");
        await world.SyncAsync();
        await ExportAsync(world, "alice");
        var archives = (DirectoryCap)(await DirectoryAsync(world)).Find(ChildName.From("Archives"))!.Caps.Read!;
        string index = ((ChkCap)archives.Inner).StorageIndex.ToString();
        foreach (string share in Shares(world).Where(file => file.Contains(index, StringComparison.Ordinal))) File.Delete(share);
        world.Write("alice", "x.txt", "two");
        await world.SyncAsync();
        (await Should.ThrowAsync<GridException>(() => ExportAsync(world, "alice"))).Message.ShouldContain("archive");
        (await SeqnumAsync(world)).ShouldBe(1);
    }

    private static string[] Shares(EmbeddedWorld world) => Directory.GetFiles(Path.Combine(world.GridDirectory, "shares"), "*", SearchOption.AllDirectories);

    private async Task<ExportResult> ExportAsync(EmbeddedWorld world, string participant)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var view = world.View(participant);
        await using var reader = await HistoryReader.OpenAsync(view, world.Grid, cancel);
        var newest = (await reader.ReadLogAsync(cancel)).Snapshots.First(s => s.Participant == participant);
        return await new DirectoryExporter(reader, world.Grid, _keys, Secret, TimeProvider.System).ExportAsync(newest, "folder", cancel);
    }

    private async Task<long> SeqnumAsync(EmbeddedWorld world) => (await world.Grid.ReadMutableAsync(_keys.ToWriteCap().ToReadCap(), TestContext.Current.CancellationToken)).Seqnum;

    private Task<DirectoryTable> DirectoryAsync(EmbeddedWorld world) => TableAsync(world, new DirectoryCap(_keys.ToWriteCap().ToReadCap()));

    private static async Task<DirectoryTable> ContentAsync(EmbeddedWorld world, DirectoryCap snapshot) =>
        await TableAsync(world, (DirectoryCap)(await TableAsync(world, snapshot)).Find(ChildName.From("content"))!.Caps.Read!);

    private static JsonElement Json(DirectoryChild child) => JsonDocument.Parse(child.Metadata.Json).RootElement;

    /// <summary>Files with their text, and empty directories with a slash.</summary>
    private static async Task<Dictionary<string, string>> ReadAsync(EmbeddedWorld world, DirectoryCap top)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        await AddAsync(top, "");
        return found;

        async Task AddAsync(DirectoryCap directory, string under)
        {
            var children = (await TableAsync(world, directory)).Children.ToArray();
            if (children.Length == 0) found.Add(under, "");
            foreach (var child in children)
            {
                if (child.Caps.Read is DirectoryCap below) await AddAsync(below, $"{under}{child.Name}/");
                else found.Add(under + child.Name, Encoding.UTF8.GetString(await FileAsync(world, (FileCap)child.Caps.Read!)));
            }
        }
    }

    private static async Task<DirectoryTable> TableAsync(EmbeddedWorld world, DirectoryCap cap) => DirectoryTable.Parse(await FileAsync(world, cap.Inner), DirectoryAuthority.Of(cap));

    private static async Task<byte[]> FileAsync(EmbeddedWorld world, FileCap cap)
    {
        var cancel = TestContext.Current.CancellationToken;
        if (cap is MutableReadCap mutable) return (await world.Grid.ReadMutableAsync(mutable, cancel)).Content.ToArray();
        await using var file = await world.Grid.OpenImmutableAsync((ImmutableCap)cap, cancel);
        byte[] bytes = new byte[file.Size];
        await file.ReadAsync(0, bytes, cancel);
        return bytes;
    }
}
