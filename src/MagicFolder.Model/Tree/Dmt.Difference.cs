namespace MagicFolder.Model.Tree;

public sealed partial class Dmt
{
    /// <summary>
    /// The paths whose entries differ, ascending; streaming. Subtrees that both have are not visited: with c changes between trees of n entries, about
    /// c · log n nodes are read. The trees may be in different stores.
    /// </summary>
    public static IEnumerable<DmtDifference> Diff(Dmt left, Dmt right)
    {
        if (left.Root == right.Root) yield break;
        var x = new TreeCursor(left._store, left.Root);
        var y = new TreeCursor(right._store, right.Root);
        while (!x.AtEnd && !y.AtEnd)
        {
            if (x.Level < 0 && y.Level < 0)
            {
                if (Compare(x, y) is { } difference) yield return difference;
            }
            else if (x.Level == y.Level && x.Child.Id == y.Child.Id)
            {
                // Everything before them is done on both sides, so what they hold is equal.
                x.Skip();
                y.Skip();
            }
            else
            {
                // The higher one first: what it holds may be what the other has ahead.
                int level = Math.Max(x.Level, y.Level);
                if (x.Level == level) x.Open();
                if (y.Level == level) y.Open();
            }
        }
        for (; x.ToItem(); x.Skip()) yield return new DmtDifference(x.Item.Path, x.Item.Entry, null);
        for (; y.ToItem(); y.Skip()) yield return new DmtDifference(y.Item.Path, null, y.Item.Entry);
    }

    private static DmtDifference? Compare(TreeCursor x, TreeCursor y)
    {
        var left = x.Item;
        var right = y.Item;
        int order = left.Path.CompareTo(right.Path);
        if (order <= 0) x.Skip();
        if (order >= 0) y.Skip();
        if (order < 0) return new DmtDifference(left.Path, left.Entry, null);
        if (order > 0) return new DmtDifference(right.Path, null, right.Entry);
        return left.Entry.Equals(right.Entry) ? null : new DmtDifference(left.Path, left.Entry, right.Entry);
    }
}
