using System.Collections.Concurrent;
using MagicFolder.FileSystem.Scanning;

namespace MagicFolder.Sync.Scanning;

/// <summary>
/// Walks on a thread of its own, while what was found before is compared with the records: both take about as long, one in the system, one in the state database. In the order of the walk. Memory: a few
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
            ((Task)walking).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
        }
    }

    private static void Walk(IEnumerable<ScanItem> walk, BlockingCollection<List<ScanItem>> groups, CancellationToken stop)
    {
        try
        {
            var group = new List<ScanItem>(GroupCount);
            foreach (var item in walk)
            {
                group.Add(item);
                if (group.Count < GroupCount) continue;
                groups.Add(group, stop);
                group = new List<ScanItem>(GroupCount);
            }
            groups.Add(group, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody wants the rest.
        }
        finally
        {
            groups.CompleteAdding();
        }
    }
}
