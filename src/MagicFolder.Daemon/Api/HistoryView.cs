using MagicFolder.Grid;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Snapshots;
using MagicFolder.Sync.History;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Daemon.Api;

/// <summary>What can be brought back, as a document.</summary>
public static class HistoryView
{
    public const string SnapshotKind = "snapshot";

    /// <param name="view">Whose.</param>
    /// <param name="grid">That of the folder.</param>
    /// <param name="path">The versions of this path; the root for the snapshots of the whole folder.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="GridException">The storage cannot be read.</exception>
    public static async Task<HistoryDocument> ReadAsync(FolderView view, IGrid grid, RelativePath path, CancellationToken cancel)
    {
        await using var reader = await HistoryReader.OpenAsync(view, grid, cancel);
        var log = await reader.ReadLogAsync(cancel);
        var versions = path.IsRoot ? await SnapshotsAsync(reader, log, cancel) : [.. (await reader.ReadPathAsync(log, path, cancel)).Select(version => Of(reader, version))];
        return new HistoryDocument(versions, [.. log.Problems.Select(Words.Of)]);
    }

    private static async Task<IReadOnlyList<VersionDocument>> SnapshotsAsync(HistoryReader reader, SnapshotLog log, CancellationToken cancel)
    {
        var snapshots = new List<VersionDocument>();
        foreach (var snapshot in log.Snapshots)
        {
            if (await reader.TrySummarizeAsync(snapshot, cancel) is { } summary)
                snapshots.Add(Of(reader, snapshot, snapshot.Participant, snapshot.Seq, SnapshotKind, summary.Bytes, summary.Files));
        }
        return snapshots;
    }

    private static VersionDocument Of(HistoryReader reader, PathVersion version) =>
        Of(reader, version.Snapshot, version.Participant, version.Seq, Words.Kind(version.Value), version.Value?.Size ?? 0, null);

    private static VersionDocument Of(HistoryReader reader, LoggedSnapshot snapshot, string participant, long seq, string kind, long size, long? files) =>
        new(snapshot.ShownVersion, participant, seq, UnixTime.ToIso(snapshot.TimeMs), kind, size, files, Observed(reader, snapshot));

    /// <summary>A participant that lost its state counts anew, under another actor; the highest number is shown.</summary>
    private static SortedDictionary<string, long> Observed(HistoryReader reader, LoggedSnapshot snapshot)
    {
        var observed = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var observation in snapshot.Snapshot.Observed.All)
        {
            string name = reader.Petnames.Of(observation.Actor);
            observed[name] = Math.Max(observation.Seq, observed.GetValueOrDefault(name));
        }
        return observed;
    }
}
