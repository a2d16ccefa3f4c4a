using System.Collections.Immutable;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Scanning;

/// <summary>Where to look for local changes: everywhere, or at some paths and what is below them. Hints only save time; a look at everything is always right.</summary>
public sealed class ScanScope
{
    private ScanScope(bool isEverything, ImmutableArray<RelativePath> paths, bool putsNothingOff = false)
    {
        IsEverything = isEverything;
        Paths = paths;
        PutsNothingOff = putsNothingOff;
    }

    public static ScanScope Everything { get; } = new(true, []);

    public static ScanScope Nothing { get; } = new(false, []);

    public bool IsEverything { get; }

    /// <summary>Ascending, none below another; empty when <see cref="IsEverything"/>.</summary>
    public ImmutableArray<RelativePath> Paths { get; }

    /// <summary>Is also that tried which failed a moment ago, and would have to wait? For who does not come back soon, or was told to look now.</summary>
    public bool PutsNothingOff { get; }

    /// <summary>The same, and nothing is left for later.</summary>
    public ScanScope PuttingNothingOff() => new(IsEverything, Paths, putsNothingOff: true);

    /// <summary>The same, and there as well.</summary>
    internal ScanScope With(IReadOnlyCollection<RelativePath> paths)
    {
        if (IsEverything || paths.Count == 0) return this;
        var wider = Of(Paths.Concat(paths));
        return PutsNothingOff ? wider.PuttingNothingOff() : wider;
    }

    public bool Includes(RelativePath path) => IsEverything || Paths.Any(p => p == path || path.IsUnder(p));

    public static ScanScope Of(IEnumerable<RelativePath> paths)
    {
        var chosen = ImmutableArray.CreateBuilder<RelativePath>();
        foreach (var path in paths.Where(p => !p.IsReserved).Distinct().Order())
        {
            if (path.IsRoot) return Everything;
            if (chosen.Count == 0 || !path.IsUnder(chosen[^1])) chosen.Add(path);
        }
        return new ScanScope(false, chosen.ToImmutable());
    }
}
