using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Fetching;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Tests.Doubles;

/// <summary>One participant's side of this room, over a grid that may be shared with others.</summary>
internal sealed class Room : IAsyncDisposable
{
    public static readonly ChunkingKey Key = new(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
    public static readonly ActorId Alice = new(0xA11CE);
    public static readonly FolderId Folder = new(0xF01DE2);

    public Room(MemoryGrid? grid = null, PackOptions? options = null, int maxListParts = ChunkList.MaxParts, int seed = 1, int threads = 1)
    {
        Grid = grid ?? new MemoryGrid();
        Blobs = new BlobReader(Grid, Catalog);
        Packs = new PackWriter(Grid, new SeededRandom(seed), Catalog, Blobs, options ?? new PackOptions { Background = false });
        Writer = new ContentWriter(Packs, Key, Catalog, maxListParts, threads);
        Reader = new ContentReader(Blobs, Catalog, threads);
        Fetcher = new SnapshotFetcher(Blobs, Catalog);
    }

    public MemoryGrid Grid { get; }

    public MemoryCatalog Catalog { get; } = new();

    public MemoryNodes Nodes { get; } = new();

    public PackWriter Packs { get; }

    public ContentWriter Writer { get; }

    public BlobReader Blobs { get; }

    public ContentReader Reader { get; }

    public SnapshotFetcher Fetcher { get; }

    public static byte[] RandomBytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static Snapshot SnapshotOf(BlobId root, long seq, BlobId? parent = null) => new(Folder, root, Alice, seq, 1_700_000_000_000 + seq, parent, Observed.None);

    public static DmtEdit File(string path, ContentSummary content, long seq) =>
        new(RelativePath.Parse(path), Entry.Of(new Dot(Alice, seq), EntryValue.File(content.Content, content.Size, seq, 0x1A4)));

    public async Task<byte[]> ReadAsync(BlobId content, long size)
    {
        using var all = new MemoryStream();
        await Reader.ReadAsync(content, size, (offset, bytes, _) =>
        {
            all.SetLength(offset);
            all.Position = offset;
            all.Write(bytes.Span);
            return default;
        });
        return all.ToArray();
    }

    public async Task<byte[]> ReadBlobAsync(BlobId id)
    {
        using var bytes = await Blobs.ReadAsync(id);
        return bytes.Memory.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Writer.Dispose();
        await Packs.DisposeAsync();
        await Blobs.DisposeAsync();
    }
}
