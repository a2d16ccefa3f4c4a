using MagicFolder.Grid;
using MagicFolder.Model.Snapshots;
using MagicFolder.Sync.Checking;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Daemon.Api;

/// <summary>What a check of a folder has found, as a document.</summary>
public static class FolderCheckView
{
    public const string Collective = "collective";
    public const string Personal = "personal";

    /// <param name="view">Of the folder that was checked.</param>
    /// <param name="check">What was found.</param>
    /// <param name="progress">How much was looked at.</param>
    /// <param name="wasToRepair">Was it to repair?</param>
    public static FolderCheckDocument Of(FolderView view, FolderCheck check, CheckProgress progress, bool wasToRepair)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(progress);
        return new FolderCheckDocument(
            view.Folder.Name, view.Participant.Name, check.IsHealthy, check.IsReadable, check.Participants, check.Snapshots, check.Versions, check.Objects.Length,
            progress.Shares, progress.ShareBytes, progress.Bytes,
            [.. check.Objects.Where(one => !one.Before.IsHealthy).Select(Of)],
            [.. check.LostVersions.Select(lost => new LostVersionDocument(
                lost.Path.ToString(), lost.Version.Snapshot.ShownVersion, lost.Version.Participant, lost.Version.Seq, UnixTime.ToIso(lost.Version.Snapshot.TimeMs), lost.Version.Value?.Size ?? 0,
                lost.IsOnDisk, lost.Reason))],
            [.. check.LostTrees.Select(lost => new LostTreeDocument(
                lost.Snapshot.ShownVersion, lost.Snapshot.Participant, lost.Snapshot.Seq, UnixTime.ToIso(lost.Snapshot.TimeMs), lost.After?.ToString(), lost.Last?.ToString(), lost.Reason))],
            [.. check.LostSnapshots.Select(lost => new LostSnapshotDocument(
                lost.ShownVersion, lost.Participant, lost.Seq, lost.TimeMs == 0 ? null : UnixTime.ToIso(lost.TimeMs), lost.Reason))],
            [.. check.Problems.Select(Words.Of)],
            [.. check.Objects.Where(one => one.IsSpread).Select(one => new SpreadObjectDocument(one.Name, KindOf(one), one.Participant, one.Before.Happiness, one.Last.Happiness))],
            [.. check.Objects.SelectMany(one => one.Last.Failing).Select(trouble => trouble.ToString()).Distinct(StringComparer.Ordinal)],
            wasToRepair);
    }

    private static UnhealthyObjectDocument Of(CheckedObject one) => new(
        one.Name, KindOf(one), one.Participant, one.IsNeeded, one.Before.K, one.Before.N, one.Before.Happiness, [.. one.Before.Missing],
        [.. one.Before.Shares.Where(share => !share.IsSound).Select(share => new DamagedShareDocument(share.Number, share.Server, share.Damage!))],
        [.. one.Before.Failing.Select(trouble => new FailingDirectoryDocument(trouble.Server, trouble.Error.Message))],
        one.IsRepaired, one.Last.IsHealthy, one.Last.IsRecoverable, one.Trouble, Of(one.Before), one.After is { } after ? Of(after) : null);

    private static StoredDocument Of(GridCheck found) =>
        new(found.K, found.N, found.N - found.Missing.Length, found.Versions.Length, found.Happiness, found.IsHealthy, found.IsRecoverable);

    private static string KindOf(CheckedObject one) => one.Kind switch
    {
        StoredKind.Collective => Collective,
        StoredKind.Personal => Personal,
        _ => "pack",
    };
}
