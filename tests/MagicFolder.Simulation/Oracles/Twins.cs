using MagicFolder.Simulation.Disks;

namespace MagicFolder.Simulation.Oracles;

/// <summary>Groups of paths that have versions, and that one disk takes for the same.</summary>
internal sealed class Twins
{
    private readonly List<List<string>> _groups;
    private readonly HashSet<string> _all;

    /// <param name="names">How the disk finds names.</param>
    /// <param name="alive">All paths that have versions.</param>
    public Twins(NameOrder names, IEnumerable<string> alive)
    {
        _groups = names.IsExact
            ? []
            : [.. alive.SelectMany(Upwards).Distinct(StringComparer.Ordinal).GroupBy(names.Fold, StringComparer.Ordinal).Select(group => group.ToList()).Where(group => group.Count > 1)];
        _all = [.. _groups.SelectMany(group => group)];
    }

    /// <summary>Is the path, or something above it, one of several that the disk takes for one?</summary>
    public bool IsAmong(string path) => Upwards(path).Any(_all.Contains);

    /// <summary>A group of which nothing is shown although nothing above it is in the way.</summary>
    public IReadOnlyList<string>? FindMissing(IReadOnlyCollection<string> shown) =>
        _groups.Find(group => !Upwards(group[0]).Skip(1).Any(_all.Contains) && !shown.SelectMany(Upwards).Any(group.Contains));

    /// <summary>The path, its directory, and so on.</summary>
    private static IEnumerable<string> Upwards(string path)
    {
        for (int end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1)) yield return path[..end];
    }
}
