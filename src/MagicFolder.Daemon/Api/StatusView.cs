using MagicFolder.Daemon.Folders;
using MagicFolder.Model.Snapshots;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Daemon.Api;

/// <summary>How everything stands, as documents.</summary>
internal static class StatusView
{
    internal static readonly string[] States = [InSync, Syncing, Joining, Paused, Stopped];

    internal const string InSync = "in-sync";
    internal const string Syncing = "syncing";
    internal const string Paused = "paused";
    internal const string Stopped = "stopped";
    internal const string Joining = "joining";

    internal static StatusDocument Of(FolderHost host)
    {
        var configuration = host.Environment.Configuration;
        var grid = host.Environment.DescribeGrid(configuration.Grid);
        // Joins first: one that becomes a folder meanwhile is in both, and told as a folder.
        var joins = host.Joins;
        var folders = host.All;
        var waiting = joins.Where(join => !folders.Any(folder => folder.StateDirectory == join.StateDirectory));
        return new StatusDocument(
            [.. folders.Select(Of), .. waiting.Select(Of), .. host.Unhosted.Select(folder => new FolderDocument(Path.GetFileName(folder.StateDirectory), folder.StateDirectory, Stopped, folder.Reason, 0, 0, 0, [], 0, 0, []))],
            new GridDocument(grid.Kind, grid.Connected, grid.Directories.Count, grid.Happy));
    }

    internal static FolderDocument Of(HostedFolder folder)
    {
        var standing = folder.ReadStanding();
        string? reason = folder.IsPaused ? null : folder.Trouble ?? Held(standing);
        string state = folder.IsPaused ? Paused : reason is not null ? Stopped : standing is null || standing.Waiting > 0 || !IsPublished(standing) ? Syncing : InSync;
        return new FolderDocument(
            folder.Name, folder.Self.Path, state, reason, standing?.Totals.Files ?? 0, standing?.Totals.Bytes ?? 0, standing?.ConflictFiles ?? 0,
            [.. (standing?.Problems ?? []).Select(Words.Of), .. folder.InviteProblems.Select(Words.Of), .. NotFreed(folder)],
            folder.Progress.Uploading, standing?.Waiting ?? 0, [.. (standing?.Members ?? []).Select(Of)]);
    }

    private static FolderDocument Of(HostedJoin join) => new(
        join.Name, join.Path, join.IsOver ? Stopped : Joining, Reason(join), 0, 0, 0, [], 0, 0, []);

    private static string Reason(HostedJoin join) => join switch
    {
        { Reason: null } => "waiting for the computer of the folder's admin, which has to be on for a moment",
        { IsOver: true } => $"{join.Reason} 'magic-folder leave' takes it from the list.",
        _ => join.Reason,
    };

    private static IEnumerable<ProblemDocument> NotFreed(HostedFolder folder)
    {
        if (folder.CollectionTrouble is { } trouble) yield return new ProblemDocument(".", $"storage that nothing needs was not freed: {trouble}", "it is tried again; 'magic-folder gc' does it now");
    }

    private static bool IsPublished(FolderStanding standing) => standing.Members.FirstOrDefault(member => member.IsSelf)?.IsInSync ?? false;

    private static string? Held(FolderStanding? standing) => standing?.Held is { } held
        ? $"{held.Count:#,0} of {held.Of:#,0} entries vanished at once, and the deletion guard holds that back; 'magic-folder confirm' lets it go on. To keep them put the files back, or bring them back with 'magic-folder restore' or 'undo'."
        : null;

    private static ParticipantDocument Of(MemberStanding member) => new(
        member.Petname, member.Role == ParticipantRole.ReadOnly ? "read-only" : "read-write", member.IsRemoved, member.IsSelf, member.Seq, member.Observed, member.IsInSync,
        member.LastSeenMs is { } seen ? UnixTime.ToIso(seen) : null);
}
