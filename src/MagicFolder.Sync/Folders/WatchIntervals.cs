namespace MagicFolder.Sync.Folders;

/// <summary>How often a watching participant looks without being told to.</summary>
/// <param name="Poll">At the grid, for news of others.</param>
/// <param name="FullScan">At everything on its disk; its watcher tells of most changes at once.</param>
public sealed record WatchIntervals(TimeSpan Poll, TimeSpan FullScan)
{
    public static WatchIntervals Default { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(2));
}
