using System.Buffers;
using System.Security.Cryptography;
using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots;
using MagicFolder.Sync.Reporting;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// Stages a version: from what is already on the disk where possible, else from the grid. What is reused is hashed while it is copied, so a wrong guess costs
/// time, never content.
/// </summary>
internal sealed class ContentStager(EngineParts parts, EngineTools tools, StagingArea staging, TransferBatch downloads)
{
    private const int Candidates = 4;
    private const int BufferSize = 1 << 20;
    private const long ChunkReuseFrom = 4L << 20;
    private static readonly BlobId EmptyContent = BlobId.Of([]);

    /// <summary>Stages <paramref name="value"/>, which is to stand at <paramref name="path"/>; what stands there now, if anything, may lend unchanged chunks.</summary>
    /// <exception cref="DamagedBytesException">The content is nowhere intact.</exception>
    internal async ValueTask<(RelativePath Stage, DiskStat Stat)> StageAsync(RelativePath path, EntryValue value, MaterializedRecord? former, CancellationToken cancel)
    {
        if (value.Kind == EntryKind.Directory) return Look(staging.CreateDirectory(value.MtimeNs, value.Mode));
        if (value.Kind == EntryKind.Symlink) return Look(staging.CreateSymlink(value.LinkTarget!, value.MtimeNs));
        using var file = staging.Create();
        downloads.Begin(path);
        try
        {
            if (!TryCopyLocal(value, file)) await DownloadAsync(value, former, file, cancel);
            var stat = file.Finish(value.MtimeNs, value.DiskMode);
            if (stat.Size != value.Size) throw DiskTrouble.Exception(DiskFault.Io, file.Path, "stage");
            parts.Progress.AddBytesApplied(value.Size);
            return (file.Path, stat);
        }
        catch
        {
            downloads.Abandon(path);
            staging.Remove(file.Path);
            throw;
        }
    }

    private (RelativePath Stage, DiskStat Stat) Look(RelativePath stage) =>
        (stage, parts.Disk.Stat(stage) ?? throw DiskTrouble.Exception(DiskFault.NotFound, stage, "stage"));

    private bool TryCopyLocal(EntryValue value, StagedFile target)
    {
        if (value.Size == 0) return value.Content == EmptyContent;
        foreach (var record in parts.State.Records.WithContent(value.Content, Candidates))
        {
            if (record.Value.Size != value.Size) continue;
            try
            {
                if (TryCopy(record, value, target)) return true;
            }
            catch (DiskException)
            {
                // A source that cannot be read is no source; the grid has the content, too.
            }
        }
        return false;
    }

    private bool TryCopy(MaterializedRecord source, EntryValue value, StagedFile target)
    {
        if (parts.Disk.Stat(source.Path) is not { } stat || stat.ToSignature() != source.Signature) return false;
        using var reader = StableReader.Open(parts.Disk, source.Path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long offset = 0;
            int read;
            while ((read = reader.Read(buffer)) > 0)
            {
                // It has grown since it was recorded. What is written beyond the size of the version would stay behind its end.
                if (offset + read > value.Size) return false;
                hash.AppendData(buffer, 0, read);
                target.Write(offset, buffer.AsSpan(0, read));
                offset += read;
            }
            return offset == value.Size && new BlobId(hash.GetHashAndReset()) == value.Content;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask DownloadAsync(EntryValue value, MaterializedRecord? former, StagedFile target, CancellationToken cancel)
    {
        if (value.Size >= ChunkReuseFrom && former is { Value.Kind: EntryKind.File }
            && await TryPatchAsync(value, former, target, cancel)) return;
        await tools.Contents.ReadAsync(
            value.Content, value.Size,
            (offset, bytes, _) =>
            {
                target.Write(offset, bytes.Span);
                return ValueTask.CompletedTask;
            },
            cancel);
    }

    /// <summary>Takes the chunks that the former version has, too, from the disk, and only the others from the grid.</summary>
    private async ValueTask<bool> TryPatchAsync(EntryValue value, MaterializedRecord former, StagedFile target, CancellationToken cancel)
    {
        if (tools.Catalog.FindChunkList(former.Value.Content) is null) return false;
        try
        {
            return await PatchAsync(value, former, target, cancel);
        }
        catch (Exception e) when (e is DamagedBytesException or GridException { IsPermanent: true })
        {
            // What was tried first may be a false claim; reading the whole tries all that is known.
            return false;
        }
    }

    private async ValueTask<bool> PatchAsync(EntryValue value, MaterializedRecord former, StagedFile target, CancellationToken cancel)
    {
        var lent = new Dictionary<BlobId, long>();
        foreach (var chunk in await tools.Contents.ChunksAsync(former.Value.Content, former.Value.Size, cancel)) lent.TryAdd(chunk.Id, chunk.Offset);
        using var source = parts.Disk.OpenRead(former.Path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var chunk in await tools.Contents.ChunksAsync(value.Content, value.Size, cancel))
        {
            if (ReadLent(source, chunk.Id, lent.GetValueOrDefault(chunk.Id, -1), chunk.Length) is { } unchanged)
            {
                Put(target, hash, chunk.Offset, unchanged);
                continue;
            }
            using var fetched = await tools.Contents.ReadBlobAsync(chunk.Id, cancel);
            Put(target, hash, chunk.Offset, fetched.Memory.Span);
        }
        return new BlobId(hash.GetHashAndReset()) == value.Content;
    }

    private static void Put(StagedFile target, IncrementalHash hash, long offset, ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        target.Write(offset, bytes);
    }

    private static byte[]? ReadLent(IDiskFile source, BlobId id, long offset, int length)
    {
        if (offset < 0) return null;
        var buffer = new byte[length];
        int filled = 0;
        int read;
        while (filled < length && (read = source.Read(offset + filled, buffer.AsSpan(filled))) > 0) filled += read;
        return filled == length && BlobId.Of(buffer) == id ? buffer : null;
    }
}
