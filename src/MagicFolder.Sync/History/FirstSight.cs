using MagicFolder.Model.Paths;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.History;

/// <summary>
/// Until a new state has published, what stands on its disk may be what was put there before it: by its participant, whose former state was lost, or by who brought a copy of the folder along. What it
/// could not look at then it sees for the first time when it can.
/// </summary>
internal sealed class FirstSight(EngineParts parts, EngineTools tools)
{
    private HashSet<RelativePath>? _unseen;

    private HashSet<RelativePath> Unseen => _unseen ??= [.. parts.State.Unseen.All()];

    internal bool IsOf(RelativePath path) => tools.NextSeq() == 1 || IsUnseen(path);

    /// <summary>After a look, and before what it found is published.</summary>
    /// <param name="scope">Where it looked.</param>
    /// <param name="unknown">Where nothing could be seen, and what did not hold still.</param>
    internal void Note(ScanScope scope, IReadOnlyList<RelativePath> unknown)
    {
        if (unknown.Count == 0 && Unseen.Count == 0) return;
        HashSet<RelativePath> hidden = [.. unknown];
        bool isFirst = tools.NextSeq() == 1;
        var come = hidden.Where(path => isFirst || IsUnseen(path)).Where(path => !Unseen.Contains(path)).ToList();
        var gone = Unseen.Where(path => scope.Includes(path) && !IsAtOrBelow(path, hidden) && !MayBeIgnored(path)).ToList();
        if (come.Count == 0 && gone.Count == 0) return;
        using var transaction = parts.State.Begin();
        foreach (var path in come) parts.State.Unseen.Add(path);
        foreach (var path in gone) parts.State.Unseen.Remove(path);
        transaction.Commit();
        Unseen.UnionWith(come);
        Unseen.ExceptWith(gone);
    }

    /// <summary>Nobody looks at what is ignored; when it no longer is, it is seen for the first time.</summary>
    private bool MayBeIgnored(RelativePath path) => tools.Ignore.Rules.Covers(path, isDirectory: false) || tools.Ignore.Rules.Covers(path, isDirectory: true);

    private bool IsUnseen(RelativePath path) => Unseen.Count > 0 && IsAtOrBelow(path, Unseen);

    private static bool IsAtOrBelow(RelativePath path, HashSet<RelativePath> places)
    {
        for (; ; path = path.Parent)
        {
            if (places.Contains(path)) return true;
            if (path.IsRoot) return false;
        }
    }
}
