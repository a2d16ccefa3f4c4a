using MagicFolder.Model.Paths;

namespace MagicFolder.State;

/// <summary>Makes one value of the current row.</summary>
internal delegate T RowReader<out T>(Execution row);

/// <summary>
/// Streams the rows of a table in path order, a page at a time, so that memory is constant and no statement is open while the caller
/// works: the caller may write to the same table in between. Rows are as they were when their page was read.
/// </summary>
/// <param name="page">Parameters: path &gt; ?1, path &lt; ?2, LIMIT ?3; ascending by path.</param>
/// <param name="read">Makes a value of a row.</param>
/// <param name="pathOf">The path by which the statement pages.</param>
internal sealed class PathWalk<T>(Statement page, RowReader<T> read, Func<T, RelativePath> pathOf)
{
    internal const int PageSize = 512;

    /// <summary>No key begins with 0xFF, for that byte is not in UTF-8.</summary>
    private static readonly byte[] AfterAllKeys = [0xFF];

    internal IEnumerable<T> All() => Between([], AfterAllKeys);

    /// <summary>Everything strictly below a directory; below the root is everything.</summary>
    internal IEnumerable<T> Under(RelativePath directory)
    {
        var (after, before) = RangeUnder(directory);
        return Between(after, before);
    }

    internal bool AnyUnder(RelativePath directory)
    {
        var (after, before) = RangeUnder(directory);
        using var query = page.Begin();
        return query.Bind(after).Bind(before).Bind(1).Next();
    }

    /// <summary>What is in a directory has its key and a NUL before the rest; the first key that is beyond has a greater byte there.</summary>
    private static (byte[] After, byte[] Before) RangeUnder(RelativePath directory) =>
        directory.IsRoot ? ([], AfterAllKeys) : ([.. directory.Key, 0], [.. directory.Key, 1]);

    private IEnumerable<T> Between(byte[] after, byte[] before)
    {
        while (true)
        {
            var rows = Page(after, before);
            foreach (var row in rows) yield return row;
            if (rows.Count < PageSize) yield break;
            after = pathOf(rows[^1]).Key.ToArray();
        }
    }

    private List<T> Page(ReadOnlySpan<byte> after, ReadOnlySpan<byte> before)
    {
        var rows = new List<T>();
        using var query = page.Begin();
        query.Bind(after).Bind(before).Bind(PageSize);
        while (query.Next()) rows.Add(read(query));
        return rows;
    }
}
