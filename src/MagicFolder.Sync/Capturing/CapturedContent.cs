using System.Buffers;
using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Sync.Reporting;

namespace MagicFolder.Sync.Capturing;

/// <summary>A file's content as read in one piece of time: nothing changed between the first and the last look.</summary>
internal readonly record struct CapturedContent(BlobId Content, long Size, DiskStat Stat);

/// <summary>Reads a file's stable content into packs.</summary>
internal sealed class ContentCapture(IDisk disk, ContentWriter writer, ContentReader contents, PackWriter packs, SyncProgress progress)
{
    internal const int SmallFile = 256 << 10;
    private const int PieceLength = 1 << 20;

    /// <summary>After so many bytes it is asked whether the file still is what it was.</summary>
    private const int GlanceLength = 4 << 20;

    /// <summary>Of a shorter file it is not worth asking where its chunks ended.</summary>
    private const long FormerFrom = 16 << 20;

    /// <summary>Null when the file changed while it was read: it is to be read again later.</summary>
    /// <param name="path">The file.</param>
    /// <param name="former">What stood there before, if anything; a large file is cut faster along it.</param>
    /// <param name="isRestless">It changed while it was read the last time: it is read to its end once before anything of it is packed, for chunks of a file that changes meanwhile are stored for nobody.</param>
    /// <param name="cancel">Ends the wait for packs to be stored.</param>
    internal async ValueTask<CapturedContent?> ReadAsync(RelativePath path, EntryValue? former, bool isRestless, CancellationToken cancel)
    {
        if (isRestless && !HoldsStill(path, cancel)) return null;
        if (former is { Kind: EntryKind.File, Size: > FormerFrom } && await FormerChunksAsync(former, cancel) is { } chunks)
        {
            try
            {
                return await ReadAsync(path, chunks, cancel);
            }
            catch (ChunksMovedException)
            {
                // Once more, without it.
            }
        }
        return await ReadAsync(path, chunks: null, cancel);
    }

    private async ValueTask<CapturedContent?> ReadAsync(RelativePath path, IReadOnlyList<ChunkRef>? chunks, CancellationToken cancel)
    {
        using var reader = StableReader.Open(disk, path);
        var content = reader.Opened.Size <= SmallFile ? await ReadSmallAsync(reader, cancel) : await ReadLargeAsync(reader, chunks, cancel);
        if (content is { Size: var size }) progress.AddBytesCaptured(size);
        return content;
    }

    /// <summary>A small one is in memory as a whole before anything of it is packed.</summary>
    private bool HoldsStill(RelativePath path, CancellationToken cancel)
    {
        using var reader = StableReader.Open(disk, path);
        if (reader.Opened.Size <= SmallFile) return true;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            int read;
            while ((read = ReadOn(reader, buffer)) > 0) cancel.ThrowIfCancellationRequested();
            return read == 0 && reader.Confirm() is not null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The next bytes, 0 at the end; negative when the file is seen to have changed, so that nothing comes of reading on.</summary>
    private static int ReadOn(StableReader reader, Span<byte> memory)
    {
        long glances = reader.Position / GlanceLength;
        int read = reader.Read(memory[..Math.Min(memory.Length, PieceLength)]);
        if (reader.Position > reader.Opened.Size) return -1;
        return reader.Position / GlanceLength == glances || reader.IsStill() ? read : -1;
    }

    /// <summary>Reads a file of at most <see cref="SmallFile"/> bytes and makes its blob ready. Null when it changed meanwhile, or is larger. Several may be read at the same time.</summary>
    internal static (PreparedBlob Blob, DiskStat Stat)? ReadAhead(IDisk disk, RelativePath path, PreparedBlobs blobs)
    {
        using var reader = StableReader.Open(disk, path);
        if (reader.Opened.Size > SmallFile) return null;
        int size = (int)reader.Opened.Size;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(size + 1);
        try
        {
            int length = 0;
            int read;
            do
            {
                read = reader.Read(buffer.AsSpan(length, size + 1 - length));
                length += read;
            }
            // Who was asked for a byte more and gave what there is to be has come to the end, without another call to read nothing.
            while (read > 0 && length < size);
            return reader.Confirm() is { } stat && stat.Size == length ? (blobs.Add(buffer.AsSpan(0, length)), stat) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Packs what was read ahead.</summary>
    internal async ValueTask<CapturedContent> PackAsync(PreparedBlob blob, DiskStat stat, CancellationToken cancel)
    {
        await packs.AddAsync(blob, cancel);
        progress.AddBytesCaptured(stat.Size);
        return new CapturedContent(blob.Id, stat.Size, stat);
    }

    private async ValueTask<CapturedContent?> ReadSmallAsync(StableReader reader, CancellationToken cancel)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SmallFile + 1);
        try
        {
            int length = 0;
            int read;
            while (length <= SmallFile && (read = reader.Read(buffer.AsSpan(length))) > 0) length += read;
            if (reader.Confirm() is not { } stat || stat.Size != length) return null;
            var summary = await writer.WriteSmallAsync(buffer.AsMemory(0, length), cancel);
            return new CapturedContent(summary.Content, summary.Size, stat);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Null if nobody can tell any more, or not now.</summary>
    private async ValueTask<IReadOnlyList<ChunkRef>?> FormerChunksAsync(EntryValue former, CancellationToken cancel)
    {
        try
        {
            return await contents.ChunksAsync(former.Content, former.Size, cancel);
        }
        catch (Exception e) when (e is DamagedBytesException or GridException)
        {
            return null;
        }
    }

    private async ValueTask<CapturedContent?> ReadLargeAsync(StableReader reader, IReadOnlyList<ChunkRef>? former, CancellationToken cancel)
    {
        writer.Begin(former);
        try
        {
            int read;
            while ((read = ReadOn(reader, writer.NextMemory().Span)) > 0) await writer.AdvanceAsync(read, cancel);
            if (read < 0 || reader.Confirm() is not { } stat) return null;
            var summary = await writer.CompleteAsync(cancel);
            return new CapturedContent(summary.Content, summary.Size, stat);
        }
        finally
        {
            writer.Abandon();
        }
    }
}
