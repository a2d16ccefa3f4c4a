using MagicFolder.Model.Blobs;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Exporting;

/// <summary>
/// Stores contents as files of Tahoe-LAFS. Contents are read one after another; small ones are stored several at a time, for what takes long is to make each durable.
/// </summary>
internal sealed class FileStoring(ContentReader contents, DirectoryStore store, CancellationToken cancel) : IAsyncDisposable
{
    private const int MostAtOnce = 16;
    private const int SmallFile = 256 << 10;

    private readonly List<Task> _running = new(MostAtOnce);
    private readonly Dictionary<BlobId, ImmutableCap> _stored = [];

    /// <summary>Waits while many are being stored. What goes wrong with them is told here or at the end.</summary>
    internal Task MakeRoomAsync() => WaitForAllBut(MostAtOnce - 1);

    /// <summary>Reads a content and begins to store it.</summary>
    internal async Task AddAsync(EntryValue value)
    {
        if (value.Size == 0)
        {
            Add(value.Content, new LiteralCap([]));
            return;
        }
        if (value.Size > SmallFile)
        {
            Add(value.Content, await contents.UseStreamAsync(value.Content, value.Size, async stream => await store.PutAsync(stream, cancel), cancel));
            return;
        }
        byte[] bytes = await contents.UseStreamAsync(value.Content, value.Size, stream => ReadAsync(stream, value.Size), cancel);
        _running.Add(PutAsync(value.Content, bytes));
    }

    /// <summary>The caps of all contents, when they are stored.</summary>
    internal async Task<IReadOnlyDictionary<BlobId, ImmutableCap>> FinishAsync()
    {
        await WaitForAllBut(0);
        return _stored;
    }

    /// <summary>Waits for what has begun; what goes wrong with it was told, or is of no matter any more.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async ValueTask<byte[]> ReadAsync(Stream stream, long size)
    {
        byte[] bytes = new byte[size];
        await stream.ReadExactlyAsync(bytes, cancel);
        return bytes;
    }

    private async Task PutAsync(BlobId content, byte[] bytes)
    {
        Add(content, await store.PutAsync(bytes, cancel));
    }

    private void Add(BlobId content, ImmutableCap cap)
    {
        lock (_stored) _stored.Add(content, cap);
    }

    private async Task WaitForAllBut(int few)
    {
        while (_running.Count > few)
        {
            var done = await Task.WhenAny(_running);
            _running.Remove(done);
            await done;
        }
    }
}
