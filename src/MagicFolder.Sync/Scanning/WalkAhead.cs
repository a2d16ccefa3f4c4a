using System.Collections.Concurrent;
using MagicFolder.FileSystem.Scanning;

namespace MagicFolder.Sync.Scanning;

/// <summary>
/// Walks on a thread of its own, while what was found before is compared with the records (docs/performance.md). In the order of the walk. Memory: a few
/// groups of items.
/// </summary>
internal static class WalkAhead
{
    private const int GroupCount = 512;
    private const int MostGroups = 8;

    internal static IEnumerable<ScanItem> Of(IEnumerable<ScanItem> walk)
    {
        using var groups = new BlockingCollection<List<ScanItem>>(MostGroups);
        using var stop = new CancellationTokenSource();
        // A thread of its own: on the pool, whoever waits for it could be in its way.
        var walking = Task.Factory.StartNew(() => Walk(walk, groups, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var group in groups.GetConsumingEnumerable())
                foreach (var item in group) yield return item;
            walking.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            walking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        }
    }

    private static void Walk(IEnumerable<ScanItem> walk, BlockingCollection<List<ScanItem>> groups, CancellationToken stop)
    {
        var group = new List<ScanItem>(GroupCount);
        try
        {
            foreach (var item in walk)
            {
                group.Add(item);
                if (group.Count < GroupCount) continue;
                if (!TryGive(groups, group, stop)) return;
                group = new List<ScanItem>(GroupCount);
            }
        }
        finally
        {
            // Also what came before a fault.
            TryGive(groups, group, stop);
            groups.CompleteAdding();
        }
    }

    /// <summary>False when nobody wants the rest.</summary>
    private static bool TryGive(BlockingCollection<List<ScanItem>> groups, List<ScanItem> group, CancellationToken stop)
    {
        try
        {
            groups.Add(group, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
