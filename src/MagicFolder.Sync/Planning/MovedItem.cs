using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;

namespace MagicFolder.Sync.Planning;

/// <summary>One thing in a directory that moves as a whole.</summary>
/// <param name="Record">As it is recorded at its place of before.</param>
/// <param name="To">Where it will be.</param>
/// <param name="Item">What the tree has there; null for nothing.</param>
internal readonly record struct MovedItem(MaterializedRecord Record, RelativePath To, DmtItem? Item)
{
    /// <summary>All that is recorded below one directory, with what the tree has at the same places below another; ascending, streaming. The tree may have more there.</summary>
    internal static IEnumerable<MovedItem> Pair(RelativePath from, IEnumerable<MaterializedRecord> recorded, RelativePath to, IEnumerable<DmtItem> items)
    {
        using var wanted = items.GetEnumerator();
        bool more = wanted.MoveNext();
        foreach (var record in recorded)
        {
            var place = Moved(record.Path, from, to);
            while (more && wanted.Current.Path < place) more = wanted.MoveNext();
            yield return new MovedItem(record, place, more && wanted.Current.Path == place ? wanted.Current : null);
        }
    }

    /// <summary>Where something in the one directory is when that has become the other.</summary>
    internal static RelativePath Moved(RelativePath path, RelativePath from, RelativePath to) => RelativePath.FromTrustedKey([.. to.Key, .. path.Key[from.Key.Length..]]);
}
