using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.History;

namespace MagicFolder.Sync.Restoring;

/// <summary>The folder as it was in one snapshot.</summary>
internal sealed class FormerTree
{
    private readonly Dmt _tree;

    private FormerTree(LoggedSnapshot snapshot, Dmt tree)
    {
        Snapshot = snapshot;
        _tree = tree;
    }

    internal LoggedSnapshot Snapshot { get; }

    /// <exception cref="RefusedException">There is no such version.</exception>
    internal static async Task<FormerTree> OpenAsync(HistoryReader reader, RestoreRequest request, string participant, CancellationToken cancel)
    {
        var log = await reader.ReadLogAsync(cancel);
        var snapshot = request.Version is { } version ? log.Find(version)
            : request.AtMs is { } time ? log.At(participant, time)
            : throw new ArgumentException("Neither a version nor a time is given.", nameof(request));
        return new FormerTree(snapshot, await reader.OpenTreeAsync(snapshot, cancel));
    }

    /// <summary>What stood at a path and, in a directory, below it; ascending. Directories that stood only because of what was in them are not among it.</summary>
    /// <exception cref="RefusedException">Nothing stood there.</exception>
    internal IReadOnlyList<FormerItem> Items(RelativePath path)
    {
        var items = new List<FormerItem>();
        if (!path.IsRoot && At(path) is { } self) items.Add(self);
        if (items is not [{ Value.Kind: not EntryKind.Directory }])
        {
            foreach (var item in _tree.ItemsUnder(path))
                if (Choose(item) is { } below) items.Add(below);
        }
        return items.Count > 0 || (path.IsRoot && _tree.IsEmpty)
            ? items
            : throw new RefusedException($"{path} was not there in version {Snapshot.ShownVersion}; 'magic-folder history {path}' lists the versions that it had.");
    }

    /// <summary>Null when nothing stood there, or only an implied directory.</summary>
    internal FormerItem? At(RelativePath path) => _tree.Find(path) is { } entry ? Choose(new DmtItem(path, entry)) : null;

    private FormerItem? Choose(DmtItem item)
    {
        bool hasDescendants = item.Entry.Siblings[0].Value.Kind != EntryKind.Directory && _tree.HasDescendants(item.Path);
        return FormerChoice.Of(item.Entry, hasDescendants, Snapshot.Snapshot.Actor) is { } value ? new FormerItem(item.Path, value) : null;
    }
}
