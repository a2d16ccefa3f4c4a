using System.Buffers;
using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Sync.Reporting;

namespace MagicFolder.Sync.Capturing;

/// <summary>A file's content as read in one piece of time: nothing changed between the first and the last look.</summary>
internal readonly record struct CapturedContent(BlobId Content, long Size, DiskStat Stat);

/// <summary>Reads a file's stable content into packs.</summary>
internal sealed class ContentCapture(IDisk disk, ContentWriter writer, SyncProgress progress)
{
    private const int SmallFile = 256 << 10;
    private const int PieceLength = 1 << 20;

    /// <summary>Null when the file changed while it was read: it is to be read again later.</summary>
    internal async ValueTask<CapturedContent?> ReadAsync(RelativePath path, CancellationToken cancel)
    {
        using var reader = StableReader.Open(disk, path);
        var summary = reader.Opened.Size <= SmallFile ? await ReadSmallAsync(reader, cancel) : await ReadLargeAsync(reader, cancel);
        if (summary is not { } content || reader.Confirm() is not { } stat || stat.Size != content.Size) return null;
        progress.AddBytesCaptured(content.Size);
        return new CapturedContent(content.Content, content.Size, stat);
    }

    private async ValueTask<ContentSummary?> ReadSmallAsync(StableReader reader, CancellationToken cancel)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SmallFile + 1);
        try
        {
            int length = 0;
            int read;
            while ((read = reader.Read(buffer.AsSpan(length))) > 0)
            {
                length += read;
                if (length > SmallFile) return null;
            }
            return await writer.WriteSmallAsync(buffer.AsMemory(0, length), cancel);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<ContentSummary?> ReadLargeAsync(StableReader reader, CancellationToken cancel)
    {
        writer.Begin();
        try
        {
            while (true)
            {
                var memory = writer.NextMemory();
                int read = reader.Read(memory.Span[..Math.Min(memory.Length, PieceLength)]);
                if (read == 0) return await writer.CompleteAsync(cancel);
                if (reader.Position > reader.Opened.Size) return null;
                await writer.AdvanceAsync(read, cancel);
            }
        }
        finally
        {
            writer.Abandon();
        }
    }
}
