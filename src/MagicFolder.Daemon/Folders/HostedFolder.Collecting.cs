using MagicFolder.Sync;
using MagicFolder.Sync.Collecting;
using MagicFolder.Tahoe.Capabilities;
using Microsoft.Extensions.Logging;

namespace MagicFolder.Daemon.Folders;

internal sealed partial class HostedFolder
{
    private volatile string? _collectionTrouble;

    /// <summary>Frees what its history does not refer to any more (docs/decisions/0015-collecting.md). What stands against it is in the answer.</summary>
    internal async Task<FolderCollection> CollectAsync(IReadOnlySet<StorageIndex> elsewhere, bool pretend, CancellationToken cancel)
    {
        if (IsPaused) return FolderCollection.Refused(Name, HostedState.PausedReason);
        try
        {
            return await ActAsync(new EngineOptions(), (session, stop) => new FolderCollector(session).CollectAsync(elsewhere, pretend, stop), cancel);
        }
        catch (Exception e) when (KnownTrouble.Is(e))
        {
            return FolderCollection.Refused(Name, e.Message.TrimEnd('.'));
        }
    }

    /// <summary>Why the daemon could not free all storage by itself the last time that it tried; null when it could.</summary>
    internal string? CollectionTrouble => _collectionTrouble;

    /// <summary>What came of freeing storage without being asked to.</summary>
    internal void NoteCollection(FolderCollection collection)
    {
        _collectionTrouble = collection.Reason;
        if (collection.Reason is { } reason) LogNotFreed(_log, Name, reason.ReplaceLineEndings(" "));
        else if (collection.Freed > 0) LogFreed(_log, Name, collection.Freed, collection.Bytes);
        _events.FolderChanged(Name);
    }

    [LoggerMessage(EventId = 15, Level = LogLevel.Information, Message = "{Folder}: {Count} objects that nothing needs any more were freed, {Bytes} bytes")]
    private static partial void LogFreed(ILogger log, string folder, int count, long bytes);

    [LoggerMessage(EventId = 16, Level = LogLevel.Warning, Message = "{Folder}: storage was not freed: {Reason}")]
    private static partial void LogNotFreed(ILogger log, string folder, string reason);
}
