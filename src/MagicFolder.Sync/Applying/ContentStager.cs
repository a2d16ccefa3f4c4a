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
    private const int WritebackLength = 8 << 20;
    private static readonly BlobId EmptyContent = BlobId.Of([]);

    /// <summary>Stages <paramref name="value"/>, which is to stand at <paramref name="path"/>; what stands there now, if anything, may lend unchanged chunks.</summary>
    /// <exception cref="DamagedBytesException">The content is nowhere intact.</exception>
    internal async ValueTask<(RelativePath Stage, DiskStat Stat)> StageAsync(RelativePath path, EntryValue value, MaterializedRecord? former, CancellationToken cancel)
    {
        if (value.Kind == EntryKind.Directory) return Look(staging.CreateDirectory(value.MtimeNs, value.DiskMode));
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

    /// <summary>Chunks that the former version has, too, come from the disk, and only the others from the grid.</summary>
    private async ValueTask DownloadAsync(EntryValue value, MaterializedRecord? former, StagedFile target, CancellationToken cancel)
    {
        using var lender = await FindLenderAsync(value, former, cancel);
        long begun = 0;
        await tools.Contents.ReadAsync(
            value.Content, value.Size, lender,
            (offset, bytes, _) =>
            {
                target.Write(offset, bytes.Span);
                // It may begin anew.
                begun = Math.Min(begun, offset);
                if (offset + bytes.Length - begun >= WritebackLength)
                {
                    target.BeginFlush(begun, offset + bytes.Length - begun);
                    begun = offset + bytes.Length;
                }
                return ValueTask.CompletedTask;
            },
            cancel);
    }

    private async ValueTask<FormerChunks?> FindLenderAsync(EntryValue value, MaterializedRecord? former, CancellationToken cancel)
    {
        if (value.Size < ChunkReuseFrom || former is not { Value.Kind: EntryKind.File } || tools.Catalog.FindChunkList(former.Value.Content) is null) return null;
        try
        {
            return new FormerChunks(await tools.Contents.ChunksAsync(former.Value.Content, former.Value.Size, cancel), parts.Disk.OpenRead(former.Path));
        }
        catch (Exception e) when (e is DamagedBytesException or GridException { IsPermanent: true })
        {
            // Nobody can tell any more what its chunks were; the grid has those of the new version.
            return null;
        }
    }
}
