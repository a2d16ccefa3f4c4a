namespace MagicFolder.Benchmarks.Counting;

/// <summary>
/// What some work costs apart from time, for one operation of it. When it is measured again, calls are those of the last time; bytes allocated are the fewest, since the first time
/// fills caches, and a garbage collection may empty pools.
/// </summary>
internal sealed class Meter
{
    private readonly Dictionary<string, double> _costs = new(StringComparer.Ordinal);

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
        string bytes = $"{path}: bytes allocated";
        _costs[bytes] = Math.Min((double)allocated / operations, _costs.GetValueOrDefault(bytes, double.MaxValue));
    }

    internal Task MeasureAsync(string path, int operations, Action work) => MeasureAsync(path, operations, () =>
    {
        work();
        return Task.CompletedTask;
    });
}
