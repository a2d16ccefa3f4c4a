using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Contents;

/// <summary>
/// Where the chunks of the former version of a content ended. From a chunk on that both have, those of the new version probably end as they did, all moved by what was put in or taken out before them. One thread
/// at a time.
/// </summary>
internal sealed class FormerChunkEnds
{
    private readonly Dictionary<long, ChunkRef> _chunks = [];
    private readonly Dictionary<BlobId, long> _offsets = [];
    private long _moved;

    /// <param name="chunks">Of the former version, in order.</param>
    public FormerChunkEnds(IReadOnlyList<ChunkRef> chunks)
    {
        foreach (var chunk in chunks)
        {
            _chunks.Add(chunk.Offset, chunk);
            _offsets.TryAdd(chunk.Id, chunk.Offset);
        }
    }

    /// <summary>The length that a chunk at this offset probably has; 0 if nothing is known.</summary>
    public int LengthAt(long offset) => _chunks.TryGetValue(offset - _moved, out var chunk) ? chunk.Length : 0;

    /// <summary>Had the former version this chunk, too? What follows it is then expected to follow here.</summary>
    public bool Recognize(BlobId id, long offset)
    {
        if (_chunks.TryGetValue(offset - _moved, out var expected) && expected.Id == id) return true;
        if (!_offsets.TryGetValue(id, out long former)) return false;
        _moved = offset - former;
        return true;
    }
}
