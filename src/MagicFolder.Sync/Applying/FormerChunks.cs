using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Contents;

namespace MagicFolder.Sync.Applying;

/// <summary>The former version of a file, as far as it still stands on the disk, lends the chunks that did not change.</summary>
internal sealed class FormerChunks : IChunkLender, IDisposable
{
    private readonly Dictionary<BlobId, long> _offsets = [];
    private readonly IDiskFile _file;
    private readonly Lock _reading = new();

    /// <param name="chunks">Of the former version.</param>
    /// <param name="file">Owned from here on.</param>
    internal FormerChunks(IReadOnlyList<ChunkRef> chunks, IDiskFile file)
    {
        _file = file;
        foreach (var chunk in chunks) _offsets.TryAdd(chunk.Id, chunk.Offset);
    }

    public long Find(BlobId chunk) => _offsets.GetValueOrDefault(chunk, -1);

    public int Read(long offset, Span<byte> buffer)
    {
        int filled = 0;
        // One at a time, as files of a disk are read.
        lock (_reading)
        {
            try
            {
                int read;
                while (filled < buffer.Length && (read = _file.Read(offset + filled, buffer[filled..])) > 0) filled += read;
            }
            catch (DiskException)
            {
                // What cannot be read cannot be lent; the grid has it, too.
            }
        }
        return filled;
    }

    public void Dispose() => _file.Dispose();
}
