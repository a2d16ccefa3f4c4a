using System.Security.Cryptography;
using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Contents;

/// <summary>
/// Hashes the chunks of one content, each for its id and all in order for the id of the whole: at once, or in the background, several at the same time. One flow at a time adds
/// and takes.
/// </summary>
internal sealed class ChunkHashing(bool inBackground) : IDisposable
{
    /// <summary>Bytes that may wait in the background before the caller has to wait for them.</summary>
    private const long MaxWaiting = 3 << 20;

    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<Waiting> _waiting = new();
    private Task _last = Task.CompletedTask;
    private long _bytes;
    private bool _any;

    /// <summary>Chunks that were added and not taken.</summary>
    public int Count => _waiting.Count;

    /// <summary>Is it time to take one: because it is hashed, or because enough of them wait?</summary>
    public bool IsDue => _waiting.TryPeek(out var first) && (first.Hashing is not { IsCompleted: false } || _bytes > MaxWaiting);

    /// <param name="chunk">Does not change until it is taken, or all is abandoned.</param>
    /// <param name="block">Holds it; null if the caller does.</param>
    public void Add(ReadOnlyMemory<byte> chunk, ContentBlock? block)
    {
        block?.Share();
        _any = true;
        _bytes += chunk.Length;
        if (inBackground)
        {
            var before = _last;
            var hashing = Task.Run(() => HashAsync(chunk, before));
            _last = hashing;
            _waiting.Enqueue(new Waiting(chunk, block, hashing, default));
            return;
        }
        var id = BlobId.Of(chunk.Span);
        _whole.AppendData(chunk.Span);
        _waiting.Enqueue(new Waiting(chunk, block, null, id));
    }

    /// <summary>The next chunk in order; the caller disposes of it when it needs the bytes no more.</summary>
    public async ValueTask<HashedChunk> TakeAsync()
    {
        var first = _waiting.Peek();
        var id = first.Hashing is null ? first.Id : await first.Hashing;
        _waiting.Dequeue();
        _bytes -= first.Chunk.Length;
        return new HashedChunk(id, first.Chunk, first.Block);
    }

    /// <summary>The hash of all that was added, which must have been taken. Ready for another content.</summary>
    public BlobId Whole()
    {
        _any = false;
        return new BlobId(_whole.GetHashAndReset());
    }

    /// <summary>Forgets what was added. Waits for what is still being hashed, a few milliseconds: nobody may read a buffer that was given back.</summary>
    public void Abandon()
    {
        if (!_last.IsCompleted) _last.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
        _last = Task.CompletedTask;
        foreach (var waiting in _waiting) waiting.Block?.Release();
        _waiting.Clear();
        _bytes = 0;
        if (_any) Whole();
    }

    public void Dispose()
    {
        Abandon();
        _whole.Dispose();
    }

    private async Task<BlobId> HashAsync(ReadOnlyMemory<byte> chunk, Task before)
    {
        var id = BlobId.Of(chunk.Span);
        await before;
        _whole.AppendData(chunk.Span);
        return id;
    }

    private readonly record struct Waiting(ReadOnlyMemory<byte> Chunk, ContentBlock? Block, Task<BlobId>? Hashing, BlobId Id);
}

/// <summary>A chunk with its id.</summary>
internal readonly struct HashedChunk(BlobId id, ReadOnlyMemory<byte> bytes, ContentBlock? block) : IDisposable
{
    public BlobId Id { get; } = id;

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public void Dispose() => block?.Release();
}
