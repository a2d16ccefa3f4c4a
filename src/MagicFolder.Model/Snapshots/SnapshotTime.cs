namespace MagicFolder.Model.Snapshots;

/// <summary>A snapshot as retention sees it. <paramref name="TimeMs"/>: milliseconds since the Unix epoch by its maker's clock.</summary>
public readonly record struct SnapshotTime(long Seq, long TimeMs);
