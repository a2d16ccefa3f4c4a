using System.Collections.Immutable;
using MagicFolder.Model.Snapshots;
using MagicFolder.Snapshots.Heads;

namespace MagicFolder.Sync.Publishing;

/// <summary>The history in a head, newest first. Numbers start again with a new actor, so the place in the list decides what is newer.</summary>
internal static class RetainedIndex
{
    internal static ImmutableArray<RetainedSnapshot> Add(RetainedSnapshot newest, ImmutableArray<RetainedSnapshot> former, RetentionRule rule)
    {
        ImmutableArray<RetainedSnapshot> all = [newest, .. former];
        var kept = ImmutableArray.CreateBuilder<RetainedSnapshot>();
        int next = 0;
        foreach (var keep in HistoryRetention.Keep([.. all.Select(snapshot => new SnapshotTime(snapshot.Seq, snapshot.TimeMs))], rule))
        {
            while (all[next].Seq != keep.Seq || all[next].TimeMs != keep.TimeMs) next++;
            kept.Add(all[next++]);
        }
        return kept.ToImmutable();
    }
}
