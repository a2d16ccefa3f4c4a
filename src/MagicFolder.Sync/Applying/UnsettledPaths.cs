using System.Collections.Immutable;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// Where a crash interrupted something and the disk does not tell what became of it, because a directory cannot be entered or flushed. What is recorded there may be past, so until that is settled
/// (<see cref="CrashRecovery"/>) nothing is concluded from what stands there or does not, and nothing is done there. All else goes on. In memory alone: the journals are what lasts.
/// </summary>
internal sealed class UnsettledPaths
{
    private readonly Dictionary<RelativePath, Unsettled> _at = [];
    private readonly HashSet<RelativePath> _mains = [];
    private readonly HashSet<RelativePath> _places = [];
    private IReadOnlyList<Unsettled> _all = [];

    /// <summary>What is in trouble.</summary>
    internal IReadOnlySet<RelativePath> Places => _places;

    /// <summary>Where something was journalled.</summary>
    internal IReadOnlyCollection<RelativePath> Paths => _at.Keys;

    internal void Replace(IReadOnlyList<Unsettled> all)
    {
        _all = all;
        _at.Clear();
        _mains.Clear();
        _places.Clear();
        foreach (var one in all)
        {
            foreach (var path in one.Paths) _at[path] = one;
            _mains.UnionWith(one.Mains);
            _places.Add(one.Place);
        }
    }

    /// <summary>What waits for these.</summary>
    internal IEnumerable<Unsettled> At(HashSet<RelativePath> places) => _all.Where(one => places.Contains(one.Place));

    /// <summary>What was journalled of this very path.</summary>
    internal Unsettled? Find(RelativePath path) => _at.GetValueOrDefault(path);

    /// <summary>Nothing is to be concluded from what is at this path, or is not: also not from anything else in a directory that is in trouble, for what is found or put there could not be made durable.</summary>
    internal bool Covers(RelativePath path)
    {
        for (; _at.Count > 0 && !path.IsRoot; path = path.Parent)
            if (_at.ContainsKey(path) || _places.Contains(path)) return true;
        return false;
    }

    /// <summary>Nothing is to be done at this path, nor beside it.</summary>
    internal bool HoldsBack(RelativePath path) => _mains.Contains(path) || Covers(path);

    /// <summary>The same of a directory with all that is in it.</summary>
    internal bool HoldsBackWhole(RelativePath directory) => HoldsBack(directory) || _at.Keys.Concat(_mains).Concat(_places).Any(path => path.IsUnder(directory));

    /// <summary>One for each place that is in trouble, and one for each path elsewhere that waits for it.</summary>
    internal IEnumerable<Problem> ToProblems()
    {
        foreach (var one in _all)
        {
            yield return one.ToProblem();
            foreach (var path in one.Paths.Concat(one.Mains))
                if (path != one.Place && !path.IsUnder(one.Place)) yield return one.ToProblemAt(path);
        }
    }
}

/// <summary>Steps that are settled together, or not at all.</summary>
/// <param name="Place">What cannot be looked at, or flushed.</param>
/// <param name="Fault">Why not.</param>
/// <param name="Paths">Where they were taken, or were going to be.</param>
/// <param name="Mains">Beside which paths.</param>
internal sealed record Unsettled(RelativePath Place, DiskFault Fault, ImmutableArray<RelativePath> Paths, ImmutableArray<RelativePath> Mains)
{
    private string Advice => $"{DiskTrouble.Advice(Fault)}; it is finished as soon as that can be done, and all else goes on meanwhile";

    internal Problem ToProblem() => new(Place, $"what was interrupted here cannot be finished: {DiskTrouble.Reason(Fault)}", Advice);

    internal Problem ToProblemAt(RelativePath path) => new(path, $"what was interrupted here cannot be finished because of {Place}: {DiskTrouble.Reason(Fault)}", Advice);
}
