using System.Security.Cryptography;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots;
using MagicFolder.Snapshots.Contents;
using MagicFolder.Sync.Membership;

namespace MagicFolder.Sync.Checking;

/// <summary>Reads the contents of files, each once, and of contents that share chunks each chunk once. Remembers ids and paths, no contents.</summary>
internal sealed class RetainedContents(ContentReader contents, NotingCatalog catalog, Reach reach, CheckProgress progress)
{
    private readonly HashSet<(RelativePath Path, Dot Dot)> _versions = [];
    private readonly HashSet<(BlobId Content, long Size)> _looked = [];
    private readonly HashSet<BlobId> _chunks = [];

    /// <summary>Contents that cannot be read: why not, and where they were.</summary>
    internal Dictionary<(BlobId Content, long Size), (string Reason, HashSet<RelativePath> Paths)> Lost { get; } = [];

    internal long Versions => _versions.Count;

    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    internal async ValueTask LookAsync(RelativePath path, Dot dot, EntryValue value, CancellationToken cancel)
    {
        if (value.Kind != EntryKind.File || !_versions.Add((path, dot))) return;
        progress.AddVersion();
        if (value.Size == 0) return;
        var key = (value.Content, value.Size);
        if (_looked.Add(key) && await TroubleAsync(value.Content, value.Size, cancel) is { } reason) Lost.Add(key, (reason, []));
        if (Lost.TryGetValue(key, out var lost)) lost.Paths.Add(path);
    }

    /// <summary>Where a content lies may have become known later.</summary>
    internal async ValueTask LookAgainAsync(CancellationToken cancel)
    {
        foreach (var key in Lost.Keys.ToArray())
            if (await TroubleAsync(key.Content, key.Size, cancel) is null) Lost.Remove(key);
    }

    private async ValueTask<string?> TroubleAsync(BlobId content, long size, CancellationToken cancel)
    {
        catalog.Begin();
        try
        {
            await ReadOnceAsync(content, size, cancel);
            return null;
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            // It may be stored in another form, too.
        }
        try
        {
            await contents.ReadAsync(content, size, static (_, _, _) => ValueTask.CompletedTask, cancel);
            return null;
        }
        catch (Exception e) when (e is GridException or DamagedBytesException)
        {
            catalog.Miss();
            return await reach.ReasonAsync(e, cancel);
        }
    }

    /// <summary>A list that is known to be that of the content makes reading its chunks a second time needless; any other has to show it.</summary>
    private async ValueTask ReadOnceAsync(BlobId content, long size, CancellationToken cancel)
    {
        var chunks = await contents.ChunksAsync(content, size, cancel);
        bool isSure = (chunks is [var only] && only.Id == content) || (catalog.FindChunkList(content) is { } list && catalog.IsConfirmedChunkList(content, list));
        using var whole = isSure ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var chunk in chunks)
        {
            if (isSure && _chunks.Contains(chunk.Id)) continue;
            using var bytes = await contents.ReadBlobAsync(chunk.Id, cancel);
            if (bytes.Length != chunk.Length) throw Mistaken(content);
            whole?.AppendData(bytes.Memory.Span);
            if (_chunks.Add(chunk.Id)) progress.AddBytes(bytes.Length);
        }
        if (whole is not null && new BlobId(whole.GetHashAndReset()) != content) throw Mistaken(content);
    }

    private static DamagedBytesException Mistaken(BlobId content) => new(DamageReason.WrongHash, $"The chunks listed for content {content} are those of something else.");
}
