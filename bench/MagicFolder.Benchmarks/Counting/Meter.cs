namespace MagicFolder.Benchmarks.Counting;

/// <summary>What some work costs apart from time, for one operation of it. A later measurement of the same thing replaces an earlier one.</summary>
internal sealed class Meter
{
    private readonly SortedDictionary<string, double> _costs = new(StringComparer.Ordinal);

    internal Tally Tally { get; } = new();

    /// <summary>Cost of one operation, by "path, a unit: what".</summary>
    internal IReadOnlyDictionary<string, double> Costs => _costs;

    /// <param name="path">What is measured, with its unit: "apply, a file".</param>
    /// <param name="operations">How many of them are done.</param>
    /// <param name="work">Does them. The state that it uses is followed.</param>
    internal async Task MeasureAsync(string path, int operations, Func<Task> work)
    {
        Tally.Take();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await work();
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        foreach (var (what, count) in Tally.Take()) _costs[$"{path}: {what}"] = (double)count / operations;
        _costs[$"{path}: bytes allocated"] = (double)allocated / operations;
    }

    internal Task MeasureAsync(string path, int operations, Action work) => MeasureAsync(path, operations, () =>
    {
        work();
        return Task.CompletedTask;
    });
}
