using MagicFolder.Grid;
using MagicFolder.Model.Snapshots;
using MagicFolder.Sync;
using MagicFolder.Sync.Exporting;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Viewing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Daemon.Api;

/// <summary>Shows the newest snapshot to other clients of Tahoe-LAFS, and tells where, as a document.</summary>
public static class PublishView
{
    /// <param name="view">Whose snapshot.</param>
    /// <param name="grid">That of the folder.</param>
    /// <param name="stateDirectory">Where the key of the directory is kept.</param>
    /// <param name="newKeys">Makes it when there is none yet.</param>
    /// <param name="convergence">With it equal files become equal caps.</param>
    /// <param name="time">For the directory.</param>
    /// <param name="cancel">Stops; what was shown before stays.</param>
    /// <exception cref="RefusedException">There is no snapshot yet.</exception>
    public static async Task<PublishedDocument> PublishAsync(
        FolderView view, IGrid grid, string stateDirectory, Func<MutableKeys> newKeys, byte[] convergence, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(view);
        await using var reader = await HistoryReader.OpenAsync(view, grid, cancel);
        string name = view.Participant.Name;
        var log = await reader.ReadLogAsync(cancel);
        var newest = log.Snapshots.FirstOrDefault(snapshot => snapshot.Participant == name)
            ?? throw new RefusedException(log.Problems.FirstOrDefault(problem => problem.Path == name) is { } trouble ? $"{trouble}." : $"{name} has published nothing yet; synchronize the folder first.");
        using var keys = ExportKey.ReadOrMake(stateDirectory, name, newKeys);
        return Of(await new DirectoryExporter(reader, grid, keys, convergence, time).ExportAsync(newest, view.Folder.Name, cancel));
    }

    private static PublishedDocument Of(ExportResult result)
    {
        var snapshot = result.Snapshot;
        return new PublishedDocument(
            result.Tree.ToUriString(), result.Directory.ToUriString(), snapshot.ShownVersion, snapshot.Participant, snapshot.Seq, UnixTime.ToIso(snapshot.TimeMs), result.Files, result.Bytes,
            result.Stored, [.. result.Problems.Select(Words.Of)]);
    }
}
