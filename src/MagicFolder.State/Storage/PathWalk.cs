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

    internal IEnumerable<T> All() => Under(RelativePath.Root);

    /// <summary>Everything strictly below a directory; below the root is everything.</summary>
    internal IEnumerable<T> Under(RelativePath directory)
    {
        var (after, before) = PathRange.Under(directory);
        return Between(after, before);
    }

    internal bool AnyUnder(RelativePath directory)
    {
        var (after, before) = PathRange.Under(directory);
        using var query = page.Begin();
        return query.Bind(after).Bind(before).Bind(1).Next();
    }

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
