using System.Security.Cryptography;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Snapshots.Contents;

/// <summary>The content of a file as a stream that can seek; holds one chunk at a time. Not safe for concurrent use.</summary>
/// <param name="reader">Reads the chunks.</param>
/// <param name="content">What the whole must be.</param>
/// <param name="size">In bytes.</param>
/// <param name="chunks">In order; their lengths add up to the size.</param>
internal sealed class ContentStream(ContentReader reader, BlobId content, long size, IReadOnlyList<ChunkRef> chunks) : Stream
{
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _hashed;
    private long _position;
    private int _open = -1;
    private BlobBytes? _bytes;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <exception cref="DamagedBytesException">All was read in order, and is not the content.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= size || buffer.IsEmpty) return 0;
        int at = IndexAt(_position);
        if (at != _open)
        {
            _bytes?.Dispose();
            _bytes = null;
            _bytes = await reader.ReadChunkAsync(chunks[at], cancellationToken);
            _open = at;
        }
        var rest = _bytes!.Memory[(int)(_position - chunks[at].Offset)..];
        var read = rest[..Math.Min(rest.Length, buffer.Length)];
        read.CopyTo(buffer);
        Follow(read.Span);
        _position += read.Length;
        return read.Length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Chunks are read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => size,
    };

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        _bytes?.Dispose();
        _bytes = null;
        _open = -1;
        _whole.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Every chunk is what the list says; whether the list is that of the content, only the whole can tell.</summary>
    private void Follow(ReadOnlySpan<byte> read)
    {
        if (_position == 0 && _hashed > 0)
        {
            _whole.GetHashAndReset();
            _hashed = 0;
        }
        if (_position != _hashed) return;
        _whole.AppendData(read);
        _hashed += read.Length;
        if (_hashed != size) return;
        _hashed = 0;
        if (new BlobId(_whole.GetHashAndReset()) != content)
            throw new DamagedBytesException(DamageReason.WrongHash, $"The chunks listed for content {content} are those of something else.");
    }

    private int IndexAt(long offset)
    {
        int low = 0;
        int high = chunks.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (chunks[middle].Offset <= offset) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}
