namespace MagicFolder.Benchmarks.Counting;

/// <summary>One cost, as recorded and as it is now; null where there is none.</summary>
internal readonly record struct CostChange(string What, double? Recorded, double? Now)
{
    private const double Tolerance = 0.05;

    /// <summary>Twenty of 2,000 files: below that, a handful of calls would look like a multiple.</summary>
    private const double LeastDifference = 0.01;

    internal bool IsWorse => Exceeds(Now, Recorded);

    internal bool IsBetter => Exceeds(Recorded, Now);

    /// <summary>1.05 is five percent more; null when one of them is missing or nothing.</summary>
    internal double? Ratio => Now is > 0 && Recorded is > 0 ? Now / Recorded : null;

    internal static IReadOnlyList<CostChange> Compare(IReadOnlyDictionary<string, double> recorded, IReadOnlyDictionary<string, double> now) =>
    [
        .. recorded.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(what => new CostChange(what, Find(recorded, what), Find(now, what))),
    ];

    private static bool Exceeds(double? one, double? other) => (one ?? 0) > Math.Max((other ?? 0) * (1 + Tolerance), (other ?? 0) + LeastDifference);

    private static double? Find(IReadOnlyDictionary<string, double> costs, string what) => costs.TryGetValue(what, out double cost) ? cost : null;
}
